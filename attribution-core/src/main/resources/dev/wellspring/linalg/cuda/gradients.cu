// Norms of documents' gradients, without forming these: ‖Σ_t g_t a_tᵀ‖² = Σ_st (g_s·g_t)(a_s·a_t), of bfloat16 rows.
#include "tiles.cuh"

namespace {

constexpr int SIDE = WARPS * 16;   // rows that a block multiplies with as many others
constexpr int COLUMNS_AT_ONCE = 64;

// s += X_i·X_jᵀ of SIDE rows of a document from row `i` on, and from row `j` on. Where both are the same they are loaded
// once.
__device__ inline void addProducts(
    float (&s)[SIDE / 8][4], const View& x, Index first, int length, int i, int j, Bfloat16* memory) {
    constexpr int SIZE = SIDE * PITCH<COLUMNS_AT_ONCE>;
    int width = static_cast<int>(x.size[1]);
    const Bfloat16* data = reinterpret_cast<const Bfloat16*>(x.data) + first * x.stride[0];
    auto load = [&](int at, int buffer) {
        Bfloat16* tile = memory + buffer * 2 * SIZE;
        const Bfloat16* from = data + at;
        loadRows<COLUMNS_AT_ONCE>(from + i * x.stride[0], x.stride[0], length - i, width - at, SIDE, tile);
        if (j != i) {
            loadRows<COLUMNS_AT_ONCE>(from + j * x.stride[0], x.stride[0], length - j, width - at, SIDE, tile + SIZE);
        }
    };
    overSteps<COLUMNS_AT_ONCE, 2>(0, width, load, [&](int, int buffer) {
        const Bfloat16* tile = memory + buffer * 2 * SIZE;
        if (i + warp() * 16 < length) {
            const Bfloat16* mine = tile + warp() * 16 * PITCH<COLUMNS_AT_ONCE>;
            addRowsByRows<SIDE, COLUMNS_AT_ONCE>(s, mine, j == i ? tile : tile + SIZE);
        }
    });
}

// partial[d, p] = the part of document d's sum that pair p of its blocks of SIDE rows has; blocks above the diagonal have
// what those below it have.
__device__ inline void productsOfPairs(const View& a, const View& g, const View& offsets, int longest, double* partial) {
    DYNAMIC_SHARED(uint4, memory);
    Bfloat16* tiles = reinterpret_cast<Bfloat16*>(memory);
    int sides = (longest + SIDE - 1) / SIDE;
    int pairs = sides * (sides + 1) / 2;
    Index documents = offsets.size[0] - 1;
    for (Index number = blockIdx.x; number < pairs * documents; number += gridDim.x) {
        Index document = number % documents;
        int pair = pairs - 1 - static_cast<int>(number / documents);
        int down = 0;
        while ((down + 1) * (down + 2) / 2 <= pair) {
            down++;
        }
        int i = down * SIDE;
        int j = (pair - down * (down + 1) / 2) * SIDE;
        Index first = integer(offsets, document * offsets.stride[0]);
        int length = integer(offsets, (document + 1) * offsets.stride[0]) - static_cast<int>(first);
        double part = 0;
        if (i < length) {
            float gg[SIDE / 8][4];
            float aa[SIDE / 8][4];
            clear(gg);
            clear(aa);
            addProducts(gg, g, first, length, i, j, tiles);
            addProducts(aa, a, first, length, i, j, tiles);
            float few = 0;
#pragma unroll
            for (int n = 0; n < SIDE / 8; n++) {
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    few += gg[n][k] * aa[n][k];
                }
            }
            part = few;
        }
        Team block{THREADS, static_cast<int>(threadIdx.x), 1, true};
        double all = sum(block, part);
        if (threadIdx.x == 0) {
            partial[document * pairs + pair] = i == j ? all : 2 * all;
        }
    }
}

}  // namespace

KERNEL_OF(gradientNorms, productsOfPairs, (View a, View g, View offsets, int longest, double* partial),
    (a, g, offsets, longest, partial))
