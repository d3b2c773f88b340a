// Heads of documents as matrices of one height, and back.
#include "loops.cuh"

namespace {

// heads[s, h, t] = packed[offsets[s] + t, h], with zeros behind a document's last row and behind a head's last
// column, so that products may go over them.
template <typename S> __device__ void gatherHeads(View packed, View offsets, View heads) {
    Extent extent(rowsOf(heads), columnsOf(heads));
    Index width = packed.size[2];
    forPacks<S>(extent, blockIdx.x, gridDim.x, [&](Index number, Index column, int count) {
        Row row(heads, number);
        Index from = integer(offsets, row.index[0]) + row.index[2];
        S x[PACK<S>] = {};
        if (from < integer(offsets, row.index[0] + 1) && column < width) {
            Index at = from * packed.stride[0] + row.index[1] * packed.stride[1];
            load(packed, at + column, static_cast<int>(least(count, width - column)), x);
        }
        store(heads, row.in(heads) + column, count, x);
    });
}

// packed[offsets[s] + t, h] = heads[s, h, t], without what is only there to fill up.
template <typename S> __device__ void scatterHeads(View heads, View offsets, View packed) {
    Extent extent(rowsOf(heads), packed.size[2]);
    forPacks<S>(extent, blockIdx.x, gridDim.x, [&](Index number, Index column, int count) {
        Row row(heads, number);
        Index to = integer(offsets, row.index[0]) + row.index[2];
        if (to < integer(offsets, row.index[0] + 1)) {
            S x[PACK<S>];
            load(heads, row.in(heads) + column, count, x);
            store(packed, to * packed.stride[0] + row.index[1] * packed.stride[1] + column, count, x);
        }
    });
}

}  // namespace

KERNEL(gatherHeads, (View packed, View offsets, View heads), (packed, offsets, heads))
KERNEL(scatterHeads, (View heads, View offsets, View packed), (heads, offsets, packed))
