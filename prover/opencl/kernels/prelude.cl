// What OpenCL C and CUDA C name differently. Kernels are written in these words, so that both compile them.
// PTX: the device understands NVIDIA's instructions.
#ifdef __CUDACC_RTC__
#define PTX
typedef unsigned int uint;
typedef unsigned long long ulong;
#define KERNEL extern "C" __global__
#define GLOBAL
#define INLINE __device__ static inline
#define NOINLINE __device__ static __noinline__
#define CONSTANT __device__ const
#define GLOBAL_ID() (blockIdx.x * blockDim.x + threadIdx.x)
#define HIGH(a, b) __umul64hi(a, b)
#define INCREMENT(place) atomicAdd(place, 1u)
#else
#define KERNEL __kernel
#define GLOBAL __global
#define INLINE static inline
#define NOINLINE static __attribute__((noinline))
#define CONSTANT __constant
#define GLOBAL_ID() get_global_id(0)
#define HIGH(a, b) mul_hi(a, b)
#define INCREMENT(place) atomic_inc(place)
#endif
#ifdef PTX
#define PRODUCT INLINE
#else
#define PRODUCT NOINLINE
#endif
