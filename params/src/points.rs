//! Points of a proving key from arkworks' uncompressed serialisation, on all cores.

use crate::bytes::Bytes;
use crate::{ProvingKey, VerifyingKey};
use ark_bn254::{G1Affine, G2Affine};
use ark_serialize::{CanonicalDeserialize, SerializationError};
use rayon::prelude::*;

/// Bytes of a point in the first and in the second group.
const G1: usize = 64;
const G2: usize = 128;

/// Parses the bytes of a proving key. Whether its points are on the curve is not checked.
pub(crate) fn parse(bytes: &[u8]) -> Result<ProvingKey, String> {
    let mut bytes = Bytes(bytes);
    let key =
        read(&mut bytes).ok_or("the file ends too early")?.map_err(|error| error.to_string())?;
    if bytes.0.is_empty() { Ok(key) } else { Err(format!("{} bytes too many", bytes.0.len())) }
}

fn read(bytes: &mut Bytes<'_>) -> Option<Result<ProvingKey, SerializationError>> {
    // In the order of the fields of `ark_groth16::ProvingKey` and `ark_groth16::VerifyingKey`.
    let [alpha_g1] = bytes.items::<G1>(1)? else { return None };
    let [beta_g2, gamma_g2, delta_g2] = bytes.items::<G2>(3)? else { return None };
    let gamma_abc_g1 = list::<G1, G1Affine>(bytes)?;
    let [beta_g1, delta_g1] = bytes.items::<G1>(2)? else { return None };
    let (a_query, b_g1_query) = (list::<G1, _>(bytes)?, list::<G1, _>(bytes)?);
    let b_g2_query = list::<G2, G2Affine>(bytes)?;
    let (h_query, l_query) = (list::<G1, _>(bytes)?, list::<G1, _>(bytes)?);
    let key = || {
        let vk = VerifyingKey {
            alpha_g1: point(alpha_g1)?,
            beta_g2: point(beta_g2)?,
            gamma_g2: point(gamma_g2)?,
            delta_g2: point(delta_g2)?,
            gamma_abc_g1: gamma_abc_g1?,
        };
        Ok(ProvingKey {
            vk,
            beta_g1: point(beta_g1)?,
            delta_g1: point(delta_g1)?,
            a_query: a_query?,
            b_g1_query: b_g1_query?,
            b_g2_query: b_g2_query?,
            h_query: h_query?,
            l_query: l_query?,
        })
    };
    Some(key())
}

fn list<const N: usize, P: CanonicalDeserialize + Send>(
    bytes: &mut Bytes<'_>,
) -> Option<Result<Vec<P>, SerializationError>> {
    let count = bytes.count()?;
    Some(bytes.items::<N>(count)?.par_iter().map(point).collect())
}

fn point<const N: usize, P: CanonicalDeserialize>(
    bytes: &[u8; N],
) -> Result<P, SerializationError> {
    P::deserialize_uncompressed_unchecked(&bytes[..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::development_setup;
    use ark_serialize::CanonicalSerialize;
    use ergon_circuits::{Circuit, CircuitId};

    #[test]
    fn arkworks_bytes_give_the_key_back_and_others_are_refused() {
        let key = development_setup(Circuit::blank(CircuitId::membership(1))).unwrap();
        let mut bytes = Vec::new();
        key.serialize_uncompressed(&mut bytes).unwrap();
        assert_eq!(parse(&bytes).unwrap(), key);
        assert!(parse(&bytes[..bytes.len() - 1]).unwrap_err().contains("too early"));
        bytes.push(0);
        assert!(parse(&bytes).unwrap_err().contains("1 bytes too many"));
        // A coordinate above the field's order.
        bytes.pop();
        bytes[..31].fill(0xff);
        bytes[31] = 0x3f;
        assert!(parse(&bytes).is_err());
    }
}
