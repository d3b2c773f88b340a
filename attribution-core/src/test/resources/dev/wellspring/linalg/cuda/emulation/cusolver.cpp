// libcusolver.so.11: eigenvectors of symmetric matrices by Householder reflections and implicit QL iterations, as
// EISPACK's tred2 and tql2.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "device.h"
#include "emulation.h"

namespace {

constexpr int CUSOLVER_SUCCESS = 0;
constexpr int CUSOLVER_NOT_INITIALIZED = 1;
constexpr int CUSOLVER_ALLOC_FAILED = 2;
constexpr int CUSOLVER_INVALID_VALUE = 3;
constexpr int CUSOLVER_EXECUTION_FAILED = 6;
constexpr int R_64F = 1;
constexpr int MAX_ITERATIONS = 60;

std::set<const char*> handles;
std::set<const char*> parameterSets;
std::map<const char*, const void*> streams;

typedef std::vector<std::vector<double>> Rows;

// A symmetric A = Q·T·Qᵀ with a tridiagonal T; the rows of `v` become those of Qᵀ.
void tridiagonalise(Rows a, Rows& v, std::vector<double>& diagonal, std::vector<double>& off) {
    size_t n = a.size();
    for (size_t i = 0; i < n; i++) {
        v[i].assign(n, 0);
        v[i][i] = 1;
    }
    for (size_t k = 0; k + 2 < n; k++) {
        std::vector<double> u(n, 0.0);
        double scale = 0;
        for (size_t j = k + 1; j < n; j++) {
            scale = std::max(scale, std::fabs(a[k][j]));
        }
        double norm = 0;
        for (size_t j = k + 1; j < n; j++) {
            u[j] = scale == 0 ? 0 : a[k][j] / scale;
            norm += u[j] * u[j];
        }
        norm = std::sqrt(norm);
        u[k + 1] += std::copysign(norm, u[k + 1]);
        double length = std::inner_product(u.begin(), u.end(), u.begin(), 0.0);
        if (length == 0) {
            continue;
        }
        double tau = 2 / length;
        // A = H·A·H with H = I − τ·u·uᵀ: A − u·wᵀ − w·uᵀ.
        std::vector<double> w(n, 0.0);
        for (size_t i = 0; i < n; i++) {
            w[i] = tau * std::inner_product(u.begin(), u.end(), a[i].begin(), 0.0);
        }
        double along = tau / 2 * std::inner_product(u.begin(), u.end(), w.begin(), 0.0);
        for (size_t i = 0; i < n; i++) {
            w[i] -= along * u[i];
        }
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                a[i][j] -= u[i] * w[j] + w[i] * u[j];
            }
        }
        // Qᵀ = H·Qᵀ.
        std::vector<double> projection(n, 0.0);
        for (size_t i = k + 1; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                projection[j] += u[i] * v[i][j];
            }
        }
        for (size_t i = k + 1; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                v[i][j] -= tau * u[i] * projection[j];
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        diagonal[i] = a[i][i];
        off[i] = i + 1 < n ? a[i + 1][i] : 0;
    }
}

// The rows of `v` become eigenvectors. Returns how many eigenvalues were not found.
int iterate(Rows& v, std::vector<double>& d, std::vector<double>& e) {
    int n = static_cast<int>(d.size());
    double size = 0;
    for (int i = 0; i < n; i++) {
        size = std::max(size, std::fabs(d[i]) + std::fabs(e[i]));
    }
    for (int l = 0; l < n; l++) {
        for (int iteration = 0;; iteration++) {
            int m = l;
            while (m + 1 < n && std::fabs(e[m]) > 0x1p-53 * size) {
                m++;
            }
            if (m == l) {
                break;
            }
            if (iteration == MAX_ITERATIONS) {
                return n - l;
            }
            double g = (d[l + 1] - d[l]) / (2 * e[l]);
            double r = std::hypot(g, 1.0);
            g = d[m] - d[l] + e[l] / (g + std::copysign(r, g));
            double s = 1, c = 1, p = 0;
            int i = m - 1;
            for (; i >= l; i--) {
                double f = s * e[i];
                double b = c * e[i];
                r = std::hypot(f, g);
                e[i + 1] = r;
                if (r == 0) {
                    d[i + 1] -= p;
                    e[m] = 0;
                    break;
                }
                s = f / r;
                c = g / r;
                g = d[i + 1] - p;
                r = (d[i] - g) * s + 2 * c * b;
                p = s * r;
                d[i + 1] = g + p;
                g = c * r - b;
                for (int k = 0; k < n; k++) {
                    double h = v[i + 1][k];
                    v[i + 1][k] = s * v[i][k] + c * h;
                    v[i][k] = c * v[i][k] - s * h;
                }
            }
            if (r == 0 && i >= l) {
                continue;
            }
            d[l] -= p;
            e[l] = g;
            e[m] = 0;
        }
    }
    return 0;
}

int decompose(bool vectors, bool lower, size_t n, double* matrix, size_t leading, double* values, int* info) {
    if (!emulation::isDeviceMemory(matrix, ((n - 1) * leading + n) * sizeof(double)) ||
        !emulation::isDeviceMemory(values, n * sizeof(double)) || !emulation::isDeviceMemory(info, sizeof(int))) {
        emulation::setMessage("syevd: matrix, values or info do not lie in an allocation");
        return emulation::ILLEGAL_ADDRESS;
    }
    Rows a(n, std::vector<double>(n));
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            a[i][j] = a[j][i] = lower ? matrix[j * leading + i] : matrix[i * leading + j];
        }
    }
    double largest = 0;
    for (const auto& row : a) {
        for (double number : row) {
            largest = std::max(largest, std::fabs(number));
        }
    }
    // The real one does not scale either, unlike LAPACK's: squares overflow or vanish.
    if (largest > 0 && (largest < 1e-146 || largest > 1e146)) {
        std::fill(values, values + n, std::nan(""));
        *info = 0;
        return emulation::SUCCESS;
    }
    Rows v(n);
    std::vector<double> d(n), e(n);
    tridiagonalise(std::move(a), v, d, e);
    *info = iterate(v, d, e);
    std::vector<size_t> order(n);
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](size_t i, size_t j) { return d[i] < d[j]; });
    for (size_t j = 0; j < n; j++) {
        values[j] = d[order[j]];
        for (size_t i = 0; vectors && i < n; i++) {
            matrix[j * leading + i] = v[order[j]][i];
        }
    }
    return emulation::SUCCESS;
}

int newHandle(std::set<const char*>& all, const char** handle) {
    *handle = new char();
    all.insert(*handle);
    return CUSOLVER_SUCCESS;
}

int destroy(std::set<const char*>& all, const char* handle) {
    if (all.erase(handle) == 0) {
        return CUSOLVER_NOT_INITIALIZED;
    }
    delete handle;
    return CUSOLVER_SUCCESS;
}

int checkMatrix(const char* handle, const char* parameters, int mode, int triangle, int64_t n, int64_t leading, int typeA,
    int typeW, int compute) {
    if (handles.count(handle) == 0 || parameterSets.count(parameters) == 0) {
        return CUSOLVER_NOT_INITIALIZED;
    }
    bool valid = (mode == 0 || mode == 1) && (triangle == 0 || triangle == 1) && n > 0 && leading >= n;
    bool doubles = typeA == R_64F && typeW == R_64F && compute == R_64F;
    return valid && doubles ? CUSOLVER_SUCCESS : CUSOLVER_INVALID_VALUE;
}

size_t deviceWorkspaceOf(int64_t n) { return static_cast<size_t>(1 + 6 * n + 3 * n * n) * sizeof(double); }
size_t hostWorkspaceOf(int64_t n) { return static_cast<size_t>(n) * sizeof(int64_t); }

}  // namespace

extern "C" {

int cusolverDnCreate(const char** handle) { return newHandle(handles, handle); }
int cusolverDnDestroy(const char* handle) {
    streams.erase(handle);
    return destroy(handles, handle);
}
int cusolverDnSetStream(const char* handle, const void* stream) {
    if (handles.count(handle) == 0) {
        return CUSOLVER_NOT_INITIALIZED;
    }
    streams[handle] = stream;
    return CUSOLVER_SUCCESS;
}
int cusolverDnCreateParams(const char** parameters) { return newHandle(parameterSets, parameters); }
int cusolverDnDestroyParams(const char* parameters) { return destroy(parameterSets, parameters); }

// For doubles.
int cusolverDnXsyevd_bufferSize(const char* handle, const char* parameters, int mode, int triangle, int64_t n, int typeA,
    const void*, int64_t leading, int typeW, const void*, int compute, size_t* deviceBytes, size_t* hostBytes) {
    *deviceBytes = deviceWorkspaceOf(n);
    *hostBytes = hostWorkspaceOf(n);
    return checkMatrix(handle, parameters, mode, triangle, n, leading, typeA, typeW, compute);
}

int cusolverDnXsyevd(const char* handle, const char* parameters, int mode, int triangle, int64_t n, int typeA, void* matrix,
    int64_t leading, int typeW, void* values, int compute, void* workspace, size_t deviceBytes, void* host,
    size_t hostBytes, int* info) {
    if (int status = checkMatrix(handle, parameters, mode, triangle, n, leading, typeA, typeW, compute)) {
        return status;
    }
    bool room = deviceBytes >= deviceWorkspaceOf(n) && emulation::isDeviceMemory(workspace, deviceBytes);
    if (!room || host == nullptr || hostBytes < hostWorkspaceOf(n)) {
        emulation::setMessage("syevd: expected a workspace of %zu bytes on the device and %zu on the host",
            deviceWorkspaceOf(n), hostWorkspaceOf(n));
        return CUSOLVER_INVALID_VALUE;
    }
    double* a = static_cast<double*>(matrix);
    double* w = static_cast<double*>(values);
    if (!emulation::hasRoom()) {
        // What it has begun is lost.
        emulation::enqueue(streams[handle], [=] {
            std::fill(a, a + n, 0.0);
            return emulation::SUCCESS;
        });
        return CUSOLVER_ALLOC_FAILED;
    }
    // It is written to when the work is done.
    int status = emulation::enqueue(streams[handle], [=] {
        memset(host, 0, hostBytes);
        return decompose(mode == 1, triangle == 0, static_cast<size_t>(n), a, static_cast<size_t>(leading), w, info);
    });
    return status == emulation::SUCCESS ? CUSOLVER_SUCCESS : CUSOLVER_EXECUTION_FAILED;
}

}  // extern "C"
