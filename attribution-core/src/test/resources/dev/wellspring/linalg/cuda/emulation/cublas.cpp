// libcublas.so.12: column-major products as loops. Arguments are refused where cuBLAS refuses them.
#ifdef __GNUC__
#ifndef __clang__
#pragma GCC optimize("O3")
#endif
#endif

#include <cmath>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include "device.h"
#include "emulation.h"

namespace {

constexpr int CUBLAS_SUCCESS = 0;
constexpr int CUBLAS_NOT_INITIALIZED = 1;
constexpr int CUBLAS_ALLOC_FAILED = 3;
constexpr int CUBLAS_INVALID_VALUE = 7;
constexpr int CUBLAS_EXECUTION_FAILED = 13;
constexpr int CUBLAS_NOT_SUPPORTED = 15;

constexpr int R_32F = 0, R_64F = 1, R_16BF = 14;
constexpr int COMPUTE_32F = 68, COMPUTE_64F = 70, COMPUTE_32F_FAST_TF32 = 77;

struct Handle {
    const void* stream = nullptr;
};
std::set<const Handle*> handles;

struct Operand {
    const void* data;
    int type;
    int64_t leading;
    int64_t stride;
};

struct Product {
    bool transposeA, transposeB;
    int64_t m, n, k;
    double alpha, beta;
    Operand a, b, c;
    bool tf32;
};

size_t sizeOf(int type) { return type == R_64F ? 8 : type == R_32F ? 4 : 2; }

double read(const void* data, int type, int64_t i) {
    if (type == R_64F) {
        return static_cast<const double*>(data)[i];
    }
    if (type == R_32F) {
        return static_cast<const float*>(data)[i];
    }
    return emulation::sameBits<float>(static_cast<uint32_t>(static_cast<const uint16_t*>(data)[i]) << 16);
}

void write(void* data, int type, int64_t i, double value) {
    if (type == R_64F) {
        static_cast<double*>(data)[i] = value;
    } else if (type == R_32F) {
        static_cast<float*>(data)[i] = static_cast<float>(value);
    } else {
        uint32_t bits = emulation::sameBits<uint32_t>(static_cast<float>(value));
        uint32_t rounded = value != value ? 0x7fc0 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
        static_cast<uint16_t*>(data)[i] = static_cast<uint16_t>(rounded);
    }
}

// 10 fraction bits, ties away from zero.
float toTf32(float value) {
    uint32_t bits = emulation::sameBits<uint32_t>(value);
    return value != value || std::isinf(value) ? value : emulation::sameBits<float>((bits + 0x1000) & ~0x1fffu);
}

// op(X), its columns one after the other.
template <typename S> std::vector<S> columns(const Operand& x, bool transposed, int64_t rows, int64_t count, bool tf32) {
    std::vector<S> all(static_cast<size_t>(rows * count));
    for (int64_t j = 0; j < count; j++) {
        for (int64_t i = 0; i < rows; i++) {
            S value = static_cast<S>(read(x.data, x.type, transposed ? i * x.leading + j : j * x.leading + i));
            all[static_cast<size_t>(j * rows + i)] = tf32 ? static_cast<S>(toTf32(static_cast<float>(value))) : value;
        }
    }
    return all;
}

bool liesOnDevice(const Operand& x, int64_t rows, int64_t count) {
    if (rows == 0 || count == 0) {
        return true;
    }
    size_t elements = static_cast<size_t>((count - 1) * x.leading + rows);
    if (emulation::isDeviceMemory(x.data, elements * sizeOf(x.type))) {
        return true;
    }
    emulation::setMessage("product: an operand of %lld columns of %lld elements at %p does not lie in an allocation",
        static_cast<long long>(count), static_cast<long long>(rows), x.data);
    return false;
}

template <typename S> int multiply(const Product& p) {
    if (!liesOnDevice(p.a, p.transposeA ? p.k : p.m, p.transposeA ? p.m : p.k) ||
        !liesOnDevice(p.b, p.transposeB ? p.n : p.k, p.transposeB ? p.k : p.n) || !liesOnDevice(p.c, p.m, p.n)) {
        return emulation::ILLEGAL_ADDRESS;
    }
    auto a = columns<S>(p.a, p.transposeA, p.m, p.k, p.tf32);
    auto b = columns<S>(p.b, p.transposeB, p.k, p.n, p.tf32);
    std::vector<S> sums(static_cast<size_t>(p.m));
    for (int64_t j = 0; j < p.n; j++) {
        std::fill(sums.begin(), sums.end(), S(0));
        for (int64_t l = 0; l < p.k; l++) {
            const S* column = a.data() + l * p.m;
            S factor = b[static_cast<size_t>(j * p.k + l)];
            for (int64_t i = 0; i < p.m; i++) {
                sums[static_cast<size_t>(i)] += factor * column[i];
            }
        }
        for (int64_t i = 0; i < p.m; i++) {
            int64_t at = j * p.c.leading + i;
            S result = static_cast<S>(p.alpha) * sums[static_cast<size_t>(i)];
            if (p.beta != 0) {
                result += static_cast<S>(p.beta) * static_cast<S>(read(p.c.data, p.c.type, at));
            }
            write(const_cast<void*>(p.c.data), p.c.type, at, result);
        }
    }
    return emulation::SUCCESS;
}

bool typesFit(int compute, int a, int b, int c) {
    switch (compute) {
        case COMPUTE_64F:
            return a == R_64F && b == R_64F && c == R_64F;
        case COMPUTE_32F:
            return (a == R_32F && b == R_32F && c == R_32F) ||
                   (a == R_16BF && b == R_16BF && (c == R_16BF || c == R_32F));
        case COMPUTE_32F_FAST_TF32:
            return a == R_32F && b == R_32F && c == R_32F;
        default:
            return false;
    }
}

// Whether rows of an operand, as they lie in memory, begin at multiples of 16 bytes and have as many: what cuBLAS asks
// for to use tensor cores at their best.
bool isAligned(const Operand& x, int64_t rows, int batch) {
    size_t size = sizeOf(x.type);
    size_t rest = reinterpret_cast<uintptr_t>(x.data) | static_cast<size_t>(rows) * size |
                  static_cast<size_t>(x.leading) * size | (batch > 1 ? static_cast<size_t>(x.stride) * size : 0);
    return rest % 16 == 0;
}

bool isOperation(int operation) { return operation >= 0 && operation <= 2; }

// What all products check; then `each` gets the product.
template <typename Each>
int checked(const Handle* handle, int opA, int opB, int m, int n, int k, const void* alpha, Operand a, Operand b,
    const void* beta, Operand c, int batch, int compute, Each each) {
    if (handles.count(handle) == 0) {
        return CUBLAS_NOT_INITIALIZED;
    }
    bool sizes = m >= 0 && n >= 0 && k >= 0 && batch >= 0;
    bool leading = a.leading >= std::max(1, opA == 0 ? m : k) && b.leading >= std::max(1, opB == 0 ? k : n) &&
                   c.leading >= std::max(1, m);
    if (!isOperation(opA) || !isOperation(opB) || !sizes || !leading || alpha == nullptr || beta == nullptr) {
        emulation::setMessage(
            "product: m %d n %d k %d op %d %d leading %lld %lld %lld batch %d is not valid", m, n, k, opA, opB,
            static_cast<long long>(a.leading), static_cast<long long>(b.leading), static_cast<long long>(c.leading), batch);
        return CUBLAS_INVALID_VALUE;
    }
    if (!typesFit(compute, a.type, b.type, c.type)) {
        emulation::setMessage(
            "product: types %d and %d into %d with compute type %d are not supported", a.type, b.type, c.type, compute);
        return CUBLAS_NOT_SUPPORTED;
    }
    if (m == 0 || n == 0 || batch == 0) {
        return CUBLAS_SUCCESS;
    }
    if (!emulation::hasRoom()) {
        return CUBLAS_ALLOC_FAILED;
    }
    bool tensorCores = a.type == R_16BF || compute == COMPUTE_32F_FAST_TF32;
    if (tensorCores && !(isAligned(a, opA == 0 ? m : k, batch) && isAligned(b, opB == 0 ? k : n, batch) &&
                           isAligned(c, m, batch))) {
        emulation::countUnaligned();
    }
    bool wide = compute == COMPUTE_64F;
    auto number = [=](const void* at) { return wide ? *static_cast<const double*>(at) : *static_cast<const float*>(at); };
    Product product{opA != 0, opB != 0, m, n, k, number(alpha), number(beta), a, b, c, compute == COMPUTE_32F_FAST_TF32};
    int status = emulation::enqueue(handle->stream, [=] {
        for (int i = 0; i < batch; i++) {
            Product one = product;
            if (int failed = each(one, i)) {
                return failed;
            }
            if (int failed = wide ? multiply<double>(one) : multiply<float>(one)) {
                return failed;
            }
        }
        return emulation::SUCCESS;
    });
    return status == emulation::SUCCESS ? CUBLAS_SUCCESS : CUBLAS_EXECUTION_FAILED;
}

}  // namespace

extern "C" {

int cublasCreate_v2(const Handle** handle) {
    *handle = new Handle();
    handles.insert(*handle);
    return CUBLAS_SUCCESS;
}

int cublasDestroy_v2(const Handle* handle) {
    if (handles.erase(handle) == 0) {
        return CUBLAS_NOT_INITIALIZED;
    }
    delete handle;
    return CUBLAS_SUCCESS;
}

int cublasGetVersion_v2(const Handle*, int* version) {
    *version = 120900;
    return CUBLAS_SUCCESS;
}

int cublasSetStream_v2(Handle* handle, const void* stream) {
    if (handles.count(handle) == 0) {
        return CUBLAS_NOT_INITIALIZED;
    }
    handle->stream = stream;
    return CUBLAS_SUCCESS;
}

int cublasSetWorkspace_v2(const Handle* handle, const void* workspace, size_t byteSize) {
    if (handles.count(handle) == 0) {
        return CUBLAS_NOT_INITIALIZED;
    }
    bool aligned = reinterpret_cast<uintptr_t>(workspace) % 256 == 0;
    bool there = byteSize == 0 || emulation::isDeviceMemory(workspace, byteSize);
    return aligned && there ? CUBLAS_SUCCESS : CUBLAS_INVALID_VALUE;
}

int cublasSetMathMode(const Handle* handle, int mode) {
    bool known = (mode & ~16) == 0 || (mode & ~16) == 1 || (mode & ~16) == 2 || (mode & ~16) == 3;
    return handles.count(handle) == 0 ? CUBLAS_NOT_INITIALIZED : known ? CUBLAS_SUCCESS : CUBLAS_INVALID_VALUE;
}

int cublasGemmEx(const Handle* handle, int opA, int opB, int m, int n, int k, const void* alpha, const void* a, int typeA,
    int leadingA, const void* b, int typeB, int leadingB, const void* beta, void* c, int typeC, int leadingC, int compute,
    int) {
    return checked(handle, opA, opB, m, n, k, alpha, {a, typeA, leadingA, 0}, {b, typeB, leadingB, 0}, beta,
        {c, typeC, leadingC, 0}, 1, compute, [](Product&, int) { return emulation::SUCCESS; });
}

int cublasGemmStridedBatchedEx(const Handle* handle, int opA, int opB, int m, int n, int k, const void* alpha,
    const void* a, int typeA, int leadingA, long long strideA, const void* b, int typeB, int leadingB, long long strideB,
    const void* beta, void* c, int typeC, int leadingC, long long strideC, int batch, int compute, int) {
    auto moved = [](const Operand& x, int i) {
        return static_cast<const char*>(x.data) + i * x.stride * static_cast<int64_t>(sizeOf(x.type));
    };
    return checked(handle, opA, opB, m, n, k, alpha, {a, typeA, leadingA, strideA}, {b, typeB, leadingB, strideB}, beta,
        {c, typeC, leadingC, strideC}, batch, compute, [=](Product& product, int i) {
            product.a.data = moved(product.a, i);
            product.b.data = moved(product.b, i);
            product.c.data = moved(product.c, i);
            return emulation::SUCCESS;
        });
}

const char* cublasGetStatusString(int status) {
    switch (status) {
        case CUBLAS_SUCCESS:
            return "CUBLAS_STATUS_SUCCESS";
        case CUBLAS_NOT_INITIALIZED:
            return "CUBLAS_STATUS_NOT_INITIALIZED";
        case CUBLAS_ALLOC_FAILED:
            return "CUBLAS_STATUS_ALLOC_FAILED";
        case CUBLAS_INVALID_VALUE:
            return "CUBLAS_STATUS_INVALID_VALUE";
        case CUBLAS_EXECUTION_FAILED:
            return "CUBLAS_STATUS_EXECUTION_FAILED";
        case CUBLAS_NOT_SUPPORTED:
            return "CUBLAS_STATUS_NOT_SUPPORTED";
        default:
            return "CUBLAS_STATUS unknown";
    }
}

}  // extern "C"
