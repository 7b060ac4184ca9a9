//! Prints the kernels as one program, for compilers other than a driver's.

fn main() {
    println!("{}", ergon_opencl::source());
}
