//! BabyJubJub keys and circomlib-form EdDSA-Poseidon signatures (§ 2.3).
//!
//! SHA-512 derives scalars and nonces; verification does not depend on that choice.

use crate::curve::{EdwardsAffine, Scalar};
use crate::field::{self, Fr};
use crate::kind::Schema;
use crate::poseidon;
use alloc::string::String;
use ark_ec::scalar_mul::wnaf::WnafContext;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInteger, Field, PrimeField};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Why bytes are not a key or signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 32 (key) or 64 (signature) bytes of hexadecimal text.
    #[error("expected {0} bytes as hexadecimal text")]
    Hex(usize),
    /// A coordinate or scalar not below its order, or a sign bit on x = 0.
    #[error("encoding is not canonical: a coordinate or scalar is not below its order")]
    NotCanonical,
    /// No point of the curve has this y coordinate.
    #[error("point is not on BabyJubJub")]
    OffCurve,
    /// The point is the identity or has a component of small order.
    #[error("public key does not have the curve's prime order")]
    SmallOrder,
}

/// Window of the multiplications in verification, in bits.
const WINDOW: usize = 4;

/// Packs a point: little-endian y, top bit set when x is the larger of ±x.
pub fn pack(point: &EdwardsAffine) -> [u8; 32] {
    let mut bytes = field::to_le_bytes(&point.y);
    if point.x > -point.x {
        bytes[31] |= 0x80;
    }
    bytes
}

/// Unpacks a point on the curve, of any order.
///
/// # Errors
/// When the bytes are not canonical or name no point.
pub fn unpack(bytes: &[u8; 32]) -> Result<EdwardsAffine, KeyError> {
    let mut y_bytes = *bytes;
    let greatest = y_bytes[31] & 0x80 != 0;
    y_bytes[31] &= 0x7f;
    let y = field::from_le_bytes(&y_bytes).ok_or(KeyError::NotCanonical)?;
    let point = EdwardsAffine::get_point_from_y_unchecked(y, greatest).ok_or(KeyError::OffCurve)?;
    if pack(&point) == *bytes { Ok(point) } else { Err(KeyError::NotCanonical) }
}

/// A public key of prime order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(EdwardsAffine);

impl PublicKey {
    /// Accepts a point of the curve's prime order.
    ///
    /// # Errors
    /// When the point is off the curve, the identity, or has a component of small order.
    pub fn from_point(point: EdwardsAffine) -> Result<Self, KeyError> {
        if !point.is_on_curve() {
            return Err(KeyError::OffCurve);
        }
        if point.is_zero() || !point.is_in_correct_subgroup_assuming_on_curve() {
            return Err(KeyError::SmallOrder);
        }
        Ok(Self(point))
    }

    /// Reads a packed key.
    ///
    /// # Errors
    /// When the bytes are no canonical packing of a point of prime order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        Self::from_point(unpack(bytes)?)
    }

    /// The packed key.
    pub fn to_bytes(&self) -> [u8; 32] {
        pack(&self.0)
    }

    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// As `from_bytes`, or when the text is not hexadecimal.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| KeyError::Hex(32))?;
        Self::from_bytes(&bytes)
    }

    /// 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.to_bytes())
    }

    /// The curve point.
    pub fn point(&self) -> &EdwardsAffine {
        &self.0
    }

    /// `A/8, A/4, A/2, A`: the points from which the registry proves the prime order (§ 7.1).
    pub fn halvings(&self) -> [EdwardsAffine; 4] {
        let eighth = Scalar::from(8u64).inverse().unwrap_or_default();
        let first = self.0 * eighth;
        let second = first + first;
        let third = second + second;
        [first.into_affine(), second.into_affine(), third.into_affine(), self.0]
    }

    /// Checks `S·Base8 = R + 8·H(R, A, M)·A`. Everything here is public, so time may depend on it.
    pub fn verifies(&self, message: &Fr, signature: &Signature) -> bool {
        let challenge = challenge(&signature.r, &self.0, message) * Scalar::from(8u64);
        let wnaf = WnafContext::new(WINDOW);
        let left = wnaf.mul(EdwardsAffine::generator().into_group(), &signature.s);
        let right = wnaf.mul(self.0.into_group(), &challenge) + signature.r;
        left == right
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_hex(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The challenge reduced to the scalar field of the prime-order subgroup.
fn challenge(r: &EdwardsAffine, key: &EdwardsAffine, message: &Fr) -> Scalar {
    let hash = poseidon::hash(&[r.x, r.y, key.x, key.y, *message]);
    Scalar::from_le_bytes_mod_order(&field::to_le_bytes(&hash))
}

/// An EdDSA-Poseidon signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The commitment, a point on the curve.
    pub r: EdwardsAffine,
    /// The response, below the subgroup's order.
    pub s: Scalar,
}

impl Signature {
    /// Packed R, then little-endian S.
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut bytes = [0u8; 64];
        bytes[..32].copy_from_slice(&pack(&self.r));
        bytes[32..].copy_from_slice(&self.s.into_bigint().to_bytes_le()[..32]);
        bytes
    }

    /// Reads packed R, then little-endian S.
    ///
    /// # Errors
    /// When R is no canonical point or S is not below the subgroup's order.
    pub fn from_bytes(bytes: &[u8; 64]) -> Result<Self, KeyError> {
        let mut r = [0u8; 32];
        r.copy_from_slice(&bytes[..32]);
        let s = Scalar::from_le_bytes_mod_order(&bytes[32..]);
        if s.into_bigint().to_bytes_le() != bytes[32..] {
            return Err(KeyError::NotCanonical);
        }
        Ok(Self { r: unpack(&r)?, s })
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.to_bytes()))
    }
}

impl<'de> Deserialize<'de> for Signature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = [0u8; 64];
        hex::decode_to_slice(String::deserialize(deserializer)?, &mut bytes)
            .map_err(|_| D::Error::custom(KeyError::Hex(64)))?;
        Self::from_bytes(&bytes).map_err(D::Error::custom)
    }
}

/// A device's or attestor's secret: 32 bytes, erased when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey([u8; 32]);

impl core::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// Wraps 32 uniformly random bytes; the caller owns the randomness.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 secret bytes, for storing them.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn digest(&self, purpose: &[u8], input: &[u8]) -> [u8; 64] {
        let mut hasher = Sha512::new();
        hasher.update((purpose.len() as u64).to_le_bytes());
        hasher.update(purpose);
        hasher.update(self.0);
        hasher.update(input);
        hasher.finalize().into()
    }

    fn scalar(&self) -> Scalar {
        Scalar::from_le_bytes_mod_order(&self.digest(b"ergon/1/key", &[]))
    }

    /// The public key.
    pub fn public(&self) -> PublicKey {
        PublicKey((EdwardsAffine::generator() * self.scalar()).into_affine())
    }

    /// Signs a message deterministically.
    pub fn sign(&self, message: &Fr) -> Signature {
        let nonce = self.digest(b"ergon/1/nonce", &field::to_le_bytes(message));
        let nonce = Scalar::from_le_bytes_mod_order(&nonce);
        let r = (EdwardsAffine::generator() * nonce).into_affine();
        let challenge = challenge(&r, self.public().point(), message);
        Signature { r, s: nonce + challenge * Scalar::from(8u64) * self.scalar() }
    }

    /// The salt of this device's record of one schema and epoch: 248 secret bits (§ 3.1).
    pub fn salt(&self, schema: Schema, epoch: u64) -> Fr {
        let mut input = [0u8; 9];
        input[0] = schema as u8;
        input[1..].copy_from_slice(&epoch.to_le_bytes());
        let digest = self.digest(b"ergon/1/salt", &input);
        Fr::from_le_bytes_mod_order(&digest[..31])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::MontFp;

    fn key() -> SecretKey {
        SecretKey::from_bytes([7; 32])
    }

    #[test]
    fn a_signature_verifies_for_its_message_and_key_only() {
        let message = Fr::from(42u64);
        let signature = key().sign(&message);
        assert!(key().public().verifies(&message, &signature));
        assert!(!key().public().verifies(&Fr::from(43u64), &signature));
        let other = SecretKey::from_bytes([8; 32]).public();
        assert!(!other.verifies(&message, &signature));
    }

    #[test]
    fn bytes_of_keys_and_signatures_round_trip() {
        let signature = key().sign(&Fr::from(1u64));
        assert_eq!(Signature::from_bytes(&signature.to_bytes()), Ok(signature));
        let public = key().public();
        assert_eq!(PublicKey::from_bytes(&public.to_bytes()), Ok(public));
    }

    #[test]
    fn a_response_not_below_the_order_is_refused() {
        let mut bytes = key().sign(&Fr::from(1u64)).to_bytes();
        bytes[32..].fill(0xff);
        assert_eq!(Signature::from_bytes(&bytes), Err(KeyError::NotCanonical));
    }

    #[test]
    fn keys_of_small_order_and_off_the_curve_are_refused() {
        let identity = EdwardsAffine::new_unchecked(Fr::from(0u64), Fr::from(1u64));
        let of_order_two = EdwardsAffine::new_unchecked(Fr::from(0u64), -Fr::from(1u64));
        assert_eq!(PublicKey::from_point(identity), Err(KeyError::SmallOrder));
        assert_eq!(PublicKey::from_point(of_order_two), Err(KeyError::SmallOrder));
        let mixed = (*key().public().point() + of_order_two).into_affine();
        assert_eq!(PublicKey::from_point(mixed), Err(KeyError::SmallOrder));
        let off = EdwardsAffine::new_unchecked(Fr::from(1u64), Fr::from(2u64));
        assert_eq!(PublicKey::from_point(off), Err(KeyError::OffCurve));
    }

    #[test]
    fn a_packed_identity_with_a_sign_bit_is_not_canonical() {
        let mut bytes = [0u8; 32];
        bytes[0] = 1;
        bytes[31] = 0x80;
        assert_eq!(unpack(&bytes), Err(KeyError::NotCanonical));
    }

    #[test]
    fn the_generator_is_circomlibs_base8() {
        let x =
            MontFp!("5299619240641551281634865583518297030282874472190772894086521144482721001553");
        assert_eq!(EdwardsAffine::generator().x, x);
    }

    #[test]
    fn halvings_double_back_to_the_key() {
        let points = key().public().halvings();
        for pair in points.windows(2) {
            assert_eq!((pair[0] + pair[0]).into_affine(), pair[1]);
        }
    }

    #[test]
    fn salts_differ_by_schema_and_epoch() {
        let salt = key().salt(Schema::Uptime, 1);
        assert_ne!(salt, key().salt(Schema::Energy, 1));
        assert_ne!(salt, key().salt(Schema::Uptime, 2));
        assert!(field::fits(&salt, 248));
    }
}
