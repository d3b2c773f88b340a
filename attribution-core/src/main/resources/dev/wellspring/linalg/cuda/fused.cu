// Attention that keeps scores on the chip (Dao, FlashAttention-2, arXiv 2307.08691), for bfloat16 and heads of up to 64
// and of up to 128 numbers. A block takes 128 rows of a head and goes over the other rows of the document a step at a
// time. Nothing is atomic: the gradients of queries, and of keys and values, are found by different blocks.
#include "softmax.cuh"
#include "tiles.cuh"

namespace {

constexpr int TILE = WARPS * 16;                                 // rows of a block
template <int WIDTH> constexpr int STEP = WIDTH > 64 ? 32 : 64;  // rows that it goes over at a time
constexpr int BACKWARD_STEP = 32;                                // and backwards, where registers hold two products
template <int WIDTH> constexpr int BUFFERS = WIDTH > 64 ? 1 : 2; // for them, as shared memory allows

__device__ inline int smaller(int a, int b) { return a < b ? a : b; }

// What all kernels here know of the attention beside their operands.
struct Shape {
    int window;
    float softCap;
    float scale;

    __device__ Shape(Index window, double softCap, double scale)
        : window(static_cast<int>(window)), softCap(static_cast<float>(softCap)), scale(static_cast<float>(scale)) {}

    // The first key that a query sees.
    __device__ int firstKey(int query) const { return static_cast<int>(firstVisible(query, window)); }

    // What comes after the last query that sees a key.
    __device__ int lastQuery(int key, int length) const {
        return window == 0 || length - key < window ? length : key + window;
    }
};

// A head's rows of one document that a block takes: numbers from `from` on, in a document of `length` rows of which the
// first is row `first` of all.
struct Task {
    Index head;
    Index first;
    int length;
    int from;

    // The longest ways come first.
    __device__ Task(Index number, Index heads, int tiles, const View& offsets, bool backwards) {
        Index documents = offsets.size[0] - 1;
        head = number % heads;
        Index document = number / heads % documents;
        int tile = static_cast<int>(number / heads / documents);
        first = integer(offsets, document * offsets.stride[0]);
        length = integer(offsets, (document + 1) * offsets.stride[0]) - static_cast<int>(first);
        from = (backwards ? tiles - 1 - tile : tile) * TILE;
    }
};

// `rows` rows of a head from row `from` of a document on; zeros behind its last one and behind the head's width.
template <int WIDTH>
__device__ inline void loadTile(const View& view, const Task& task, Index head, int from, int rows, Bfloat16* tile) {
    const Bfloat16* data = reinterpret_cast<const Bfloat16*>(view.data) + head * view.stride[1];
    loadRows<WIDTH>(data + (task.first + from) * view.stride[0], view.stride[0], task.length - from,
        static_cast<int>(view.size[2]), rows, tile);
}

// Loads ROWS rows of two views' heads into one of the buffers of each.
template <int WIDTH, int ROWS> struct LoadPair {
    const View& first;
    const View& second;
    const Task& task;
    Index head;
    Bfloat16* ofFirst;
    Bfloat16* ofSecond;

    __device__ void operator()(int at, int buffer) const {
        loadTile<WIDTH>(first, task, head, at, ROWS, ofFirst + buffer * ROWS * PITCH<WIDTH>);
        loadTile<WIDTH>(second, task, head, at, ROWS, ofSecond + buffer * ROWS * PITCH<WIDTH>);
    }
};

// The sums of 16 rows of a warp, times a factor for each of a thread's two rows, into the warp's rows of a tile.
template <int WIDTH> __device__ inline void place(const float (&o)[WIDTH / 8][4], float upper, float lower, Bfloat16* tile) {
    Bfloat16* at = tile + (warp() * 16 + lane() / 4) * PITCH<WIDTH> + lane() % 4 * 2;
#pragma unroll
    for (int n = 0; n < WIDTH / 8; n++) {
        *reinterpret_cast<unsigned*>(at + n * 8) = pair(o[n][0] * upper, o[n][1] * upper);
        *reinterpret_cast<unsigned*>(at + n * 8 + 8 * PITCH<WIDTH>) = pair(o[n][2] * lower, o[n][3] * lower);
    }
}

// A block's tile to where its rows lie.
template <int WIDTH> __device__ inline void storeTile(const Bfloat16* tile, const View& view, const Task& task) {
    constexpr int ACROSS = WIDTH / 8;
    int width = static_cast<int>(view.size[2]);
    Bfloat16* data = reinterpret_cast<Bfloat16*>(view.data) + task.head * view.stride[1];
    for (int i = threadIdx.x; i < TILE * ACROSS; i += THREADS) {
        int row = i / ACROSS;
        int column = i % ACROSS * 8;
        int count = task.from + row < task.length ? width - column : 0;
        Bfloat16* target = data + (task.first + task.from + row) * view.stride[0] + column;
        Eight eight;
        eight.words = *reinterpret_cast<const uint4*>(tile + row * PITCH<WIDTH> + column);
        if (isWhole(target, count)) {
            __stwb(reinterpret_cast<uint4*>(target), eight.words);
        } else {
#pragma unroll
            for (int k = 0; k < 8; k++) {
                if (k < count) {
                    target[k] = eight.number[k];
                }
            }
        }
    }
}

// s = A·Bᵀ.
template <int N, int K>
__device__ inline void productOfRows(float (&s)[N / 8][4], const Bfloat16* a, const Bfloat16* b) {
    clear(s);
    addRowsByRows<N, K>(s, a, b);
}

// A row lies with four threads, side by side.
__device__ inline float largestOfRow(float value) {
    value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, 1));
    return fmaxf(value, __shfl_xor_sync(ALL_LANES, value, 2));
}

__device__ inline float sumOfRow(float value) {
    value += __shfl_xor_sync(ALL_LANES, value, 1);
    return value + __shfl_xor_sync(ALL_LANES, value, 2);
}

// The column of a thread's sum i in the n-th eight of a product's columns, and its row of the warp's sixteen.
__device__ inline int columnOf(int n, int i) { return n * 8 + lane() % 4 * 2 + i % 2; }
__device__ inline int rowOf(int i) { return lane() / 4 + i / 2 * 8; }

// Where a thread's two rows of a product see its columns: from `low` to before `high`, counted from the thread's own first
// column on.
struct Sight {
    int low[2];
    int high[2];
    bool whole;  // everything that this warp's rows and columns have

    // Of queries in rows from `query` on, and keys in columns from `key` on.
    template <int COLUMNS> __device__ static Sight ofQueries(const Shape& shape, int query, int key) {
        Sight sight;
        int column = key + lane() % 4 * 2;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = query + rowOf(2 * half);
            sight.low[half] = shape.firstKey(row) - column;
            sight.high[half] = row + 1 - column;
        }
        sight.whole = key + COLUMNS <= query + 1 && key >= shape.firstKey(query + 15);
        return sight;
    }

    // Of keys in rows from `key` on, and queries in columns from `query` on.
    template <int COLUMNS> __device__ static Sight ofKeys(const Shape& shape, int key, int query, int length) {
        Sight sight;
        int column = query + lane() % 4 * 2;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            int row = key + rowOf(2 * half);
            sight.low[half] = row - column;
            sight.high[half] = shape.lastQuery(row, length) - column;
        }
        sight.whole = query >= key + 15 && query + COLUMNS <= shape.lastQuery(key, length);
        return sight;
    }
};

// Products become scores; what is not seen −∞.
template <int N> __device__ inline void score(float (&s)[N][4], const Shape& shape, const Sight& sight) {
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            s[n][i] *= shape.scale;
        }
    }
    if (shape.softCap != 0) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                s[n][i] = capped(s[n][i], shape.softCap);
            }
        }
    }
    if (!sight.whole) {
#pragma unroll
        for (int n = 0; n < N; n++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                int column = n * 8 + i % 2;
                bool seen = column >= sight.low[i / 2] && column < sight.high[i / 2];
                s[n][i] = seen ? s[n][i] : lowest<float>();
            }
        }
    }
}

// dP becomes dS = P·(dP − Σ P·dP), times 1 − (score/softCap)² under a soft cap, and scores become P. `statistics` gives
// ln Σ exp(score) and Σ P·dP of a number's query.
template <int N, typename Statistics>
__device__ inline void toGradients(float (&s)[N][4], float (&dp)[N][4], const Shape& shape, Statistics statistics) {
#pragma unroll
    for (int n = 0; n < N; n++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float normaliser;
            float mean;
            statistics(n, i, normaliser, mean);
            float before = s[n][i];
            s[n][i] = fastExponential(before - normaliser);
            dp[n][i] = s[n][i] * (dp[n][i] - mean);
            if (shape.softCap != 0) {
                float t = before / shape.softCap;
                dp[n][i] = s[n][i] == 0 ? 0 : dp[n][i] * (1 - t * t);
            }
        }
    }
}

// The softmax of a thread's two rows, found step by step: what came before is scaled when a larger score turns up.
struct RunningSoftmax {
    float largest[2];
    float mass[2];  // of this thread's columns

    __device__ RunningSoftmax() : largest{lowest<float>(), lowest<float>()}, mass{0, 0} {}

    // Turns scores into masses exp(score − largest); `scaled[h]` is what sums so far are to be multiplied with.
    template <int N> __device__ void add(float (&s)[N][4], float (&scaled)[2]) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float now = largest[half];
#pragma unroll
            for (int n = 0; n < N; n++) {
                now = fmaxf(now, fmaxf(s[n][2 * half], s[n][2 * half + 1]));
            }
            now = largestOfRow(now);
            float from = now == lowest<float>() ? 0 : now;  // nothing is seen yet
            scaled[half] = fastExponential(largest[half] - from);
            largest[half] = now;
            float part = 0;
#pragma unroll
            for (int n = 0; n < N; n++) {
#pragma unroll
                for (int i = 2 * half; i < 2 * half + 2; i++) {
                    s[n][i] = fastExponential(s[n][i] - from);
                    part += s[n][i];
                }
            }
            mass[half] = mass[half] * scaled[half] + part;
        }
    }
};

// out = softmax(scale·q·kᵀ)·v of each document and head.
template <int WIDTH>
__device__ void forward(View q, View k, View v, View offsets, int longest, Shape shape, View out) {
    constexpr int ROWS = STEP<WIDTH>;
    constexpr int STEP_SIZE = ROWS * PITCH<WIDTH>;
    DYNAMIC_SHARED(uint4, memory);
    Bfloat16* own = reinterpret_cast<Bfloat16*>(memory);
    Bfloat16* keys = own + TILE * PITCH<WIDTH>;
    Bfloat16* values = keys + BUFFERS<WIDTH> * STEP_SIZE;
    int tiles = (longest + TILE - 1) / TILE;
    Index members = q.size[1] / k.size[1];
    for (Index number = blockIdx.x; number < tiles * q.size[1] * (offsets.size[0] - 1); number += gridDim.x) {
        Task task(number, q.size[1], tiles, offsets, true);
        if (task.from >= task.length) {
            continue;
        }
        __syncthreads();
        loadTile<WIDTH>(q, task, task.head, task.from, TILE, own);
        int mine = task.from + warp() * 16;
        RunningSoftmax softmax;
        float o[WIDTH / 8][4];
        clear(o);
        int end = smaller(task.length, task.from + TILE);
        LoadPair<WIDTH, ROWS> load{k, v, task, task.head / members, keys, values};
        overSteps<ROWS, BUFFERS<WIDTH>>(shape.firstKey(task.from) / ROWS * ROWS, end, load, [&](int at, int buffer) {
            if (mine < task.length && at < mine + 16) {
                float s[ROWS / 8][4];
                productOfRows<ROWS, WIDTH>(s, own + warp() * 16 * PITCH<WIDTH>, keys + buffer * STEP_SIZE);
                score(s, shape, Sight::ofQueries<ROWS>(shape, mine, at));
                float scaled[2];
                softmax.add(s, scaled);
#pragma unroll
                for (int n = 0; n < WIDTH / 8; n++) {
#pragma unroll
                    for (int i = 0; i < 4; i++) {
                        o[n][i] *= scaled[i / 2];
                    }
                }
                addProduct<WIDTH, ROWS>(o, s, values + buffer * STEP_SIZE);
            }
        });
        float upper = 1 / sumOfRow(softmax.mass[0]);
        float lower = 1 / sumOfRow(softmax.mass[1]);
        place<WIDTH>(o, upper, lower, own);
        __syncthreads();
        storeTile<WIDTH>(own, out, task);
    }
}

// With P the probabilities and dP = dout·vᵀ: dS = P·(dP − Σ P·dP), dq = scale·dS·k. Leaves ln Σ exp(score) and Σ P·dP of
// every row and head in `statistics`, (rows, heads, 2).
template <int WIDTH>
__device__ void backwardToQueries(
    View q, View k, View v, View offsets, int longest, Shape shape, View dout, View dq, float* statistics) {
    constexpr int ROWS = BACKWARD_STEP;
    constexpr int STEP_SIZE = ROWS * PITCH<WIDTH>;
    DYNAMIC_SHARED(uint4, memory);
    Bfloat16* own = reinterpret_cast<Bfloat16*>(memory);
    Bfloat16* gradients = own + TILE * PITCH<WIDTH>;
    Bfloat16* keys = gradients + TILE * PITCH<WIDTH>;
    Bfloat16* values = keys + BUFFERS<WIDTH> * STEP_SIZE;
    int tiles = (longest + TILE - 1) / TILE;
    Index members = q.size[1] / k.size[1];
    const Bfloat16* mineInOwn = own + warp() * 16 * PITCH<WIDTH>;
    const Bfloat16* mineInGradients = gradients + warp() * 16 * PITCH<WIDTH>;
    for (Index number = blockIdx.x; number < tiles * q.size[1] * (offsets.size[0] - 1); number += gridDim.x) {
        Task task(number, q.size[1], tiles, offsets, true);
        if (task.from >= task.length) {
            continue;
        }
        __syncthreads();
        loadTile<WIDTH>(q, task, task.head, task.from, TILE, own);
        loadTile<WIDTH>(dout, task, task.head, task.from, TILE, gradients);
        int mine = task.from + warp() * 16;
        int begin = shape.firstKey(task.from) / ROWS * ROWS;
        int end = smaller(task.length, task.from + TILE);
        LoadPair<WIDTH, ROWS> load{k, v, task, task.head / members, keys, values};
        RunningSoftmax softmax;
        float mean[2] = {0, 0};
        overSteps<ROWS, BUFFERS<WIDTH>>(begin, end, load, [&](int at, int buffer) {
            if (mine < task.length && at < mine + 16) {
                float s[ROWS / 8][4];
                float dp[ROWS / 8][4];
                productOfRows<ROWS, WIDTH>(s, mineInOwn, keys + buffer * STEP_SIZE);
                productOfRows<ROWS, WIDTH>(dp, mineInGradients, values + buffer * STEP_SIZE);
                score(s, shape, Sight::ofQueries<ROWS>(shape, mine, at));
                float scaled[2];
                softmax.add(s, scaled);
                mean[0] *= scaled[0];
                mean[1] *= scaled[1];
#pragma unroll
                for (int n = 0; n < ROWS / 8; n++) {
#pragma unroll
                    for (int i = 0; i < 4; i++) {
                        mean[i / 2] += s[n][i] * dp[n][i];
                    }
                }
            }
        });
        float normaliser[2];
#pragma unroll
        for (int half = 0; half < 2; half++) {
            float mass = sumOfRow(softmax.mass[half]);
            normaliser[half] = softmax.largest[half] + log(mass);
            mean[half] = sumOfRow(mean[half]) / mass;
            int row = mine + rowOf(2 * half);
            if (lane() % 4 == 0 && row < task.length) {
                float* of = statistics + ((task.first + row) * q.size[1] + task.head) * 2;
                of[0] = normaliser[half];
                of[1] = mean[half];
            }
        }
        float o[WIDTH / 8][4];
        clear(o);
        overSteps<ROWS, BUFFERS<WIDTH>>(begin, end, load, [&](int at, int buffer) {
            if (mine < task.length && at < mine + 16) {
                float s[ROWS / 8][4];
                float dp[ROWS / 8][4];
                productOfRows<ROWS, WIDTH>(s, mineInOwn, keys + buffer * STEP_SIZE);
                productOfRows<ROWS, WIDTH>(dp, mineInGradients, values + buffer * STEP_SIZE);
                score(s, shape, Sight::ofQueries<ROWS>(shape, mine, at));
                toGradients(s, dp, shape, [&](int, int i, float& ofRow, float& itsMean) {
                    ofRow = normaliser[i / 2];
                    itsMean = mean[i / 2];
                });
                addProduct<WIDTH, ROWS>(o, dp, keys + buffer * STEP_SIZE);
            }
        });
        place<WIDTH>(o, shape.scale, shape.scale, own);
        __syncthreads();
        storeTile<WIDTH>(own, dq, task);
    }
}

// dv = Pᵀ·dout and dk = scale·dSᵀ·q, sums over the query heads that share a key and value head.
template <int WIDTH>
__device__ void backwardToKeys(View q, View k, View v, View offsets, int longest, Shape shape, View dout,
    const float* statistics, View dk, View dv) {
    constexpr int ROWS = BACKWARD_STEP;
    constexpr int STEP_SIZE = ROWS * PITCH<WIDTH>;
    DYNAMIC_SHARED(uint4, memory);
    Bfloat16* keys = reinterpret_cast<Bfloat16*>(memory);
    Bfloat16* values = keys + TILE * PITCH<WIDTH>;
    Bfloat16* queries = values + TILE * PITCH<WIDTH>;
    Bfloat16* gradients = queries + BUFFERS<WIDTH> * STEP_SIZE;
    float* ofRows = reinterpret_cast<float*>(gradients + BUFFERS<WIDTH> * STEP_SIZE);
    int tiles = (longest + TILE - 1) / TILE;
    Index members = q.size[1] / k.size[1];
    for (Index number = blockIdx.x; number < tiles * k.size[1] * (offsets.size[0] - 1); number += gridDim.x) {
        Task task(number, k.size[1], tiles, offsets, false);
        if (task.from >= task.length) {
            continue;
        }
        __syncthreads();
        loadTile<WIDTH>(k, task, task.head, task.from, TILE, keys);
        loadTile<WIDTH>(v, task, task.head, task.from, TILE, values);
        int mine = task.from + warp() * 16;
        int end = shape.lastQuery(smaller(task.length, task.from + TILE) - 1, task.length);
        float keySums[WIDTH / 8][4];
        float valueSums[WIDTH / 8][4];
        clear(keySums);
        clear(valueSums);
        for (Index head = task.head * members; head < (task.head + 1) * members; head++) {
            LoadPair<WIDTH, ROWS> loadRowsOfHead{q, dout, task, head, queries, gradients};
            auto load = [&](int at, int buffer) {
                loadRowsOfHead(at, buffer);
                for (int i = threadIdx.x; i < 2 * ROWS; i += THREADS) {
                    Index row = task.first + at + i / 2;
                    bool there = at + i / 2 < task.length;
                    ofRows[buffer * 2 * ROWS + i] = there ? statistics[(row * q.size[1] + head) * 2 + i % 2] : 0;
                }
            };
            overSteps<ROWS, BUFFERS<WIDTH>>(task.from, end, load, [&](int at, int buffer) {
                const float* ofStep = ofRows + buffer * 2 * ROWS;
                const Bfloat16* itsQueries = queries + buffer * STEP_SIZE;
                const Bfloat16* itsGradients = gradients + buffer * STEP_SIZE;
                if (mine < task.length && at + ROWS > mine) {
                    float s[ROWS / 8][4];
                    float dp[ROWS / 8][4];
                    productOfRows<ROWS, WIDTH>(s, keys + warp() * 16 * PITCH<WIDTH>, itsQueries);
                    productOfRows<ROWS, WIDTH>(dp, values + warp() * 16 * PITCH<WIDTH>, itsGradients);
                    score(s, shape, Sight::ofKeys<ROWS>(shape, mine, at, task.length));
                    toGradients(s, dp, shape, [&](int n, int i, float& normaliser, float& mean) {
                        normaliser = ofStep[2 * columnOf(n, i)];
                        mean = ofStep[2 * columnOf(n, i) + 1];
                    });
                    addProduct<WIDTH, ROWS>(valueSums, s, itsGradients);
                    addProduct<WIDTH, ROWS>(keySums, dp, itsQueries);
                }
            });
        }
        place<WIDTH>(keySums, shape.scale, shape.scale, keys);
        place<WIDTH>(valueSums, 1, 1, values);
        __syncthreads();
        storeTile<WIDTH>(keys, dk, task);
        storeTile<WIDTH>(values, dv, task);
    }
}

}  // namespace

#define ATTENTION View q, View k, View v, View offsets, int longest, Index window, double softCap, double scale
#define OPERANDS q, k, v, offsets, longest, Shape(window, softCap, scale)
KERNEL_OF(fusedForward64, forward<64>, (ATTENTION, View out), (OPERANDS, out))
KERNEL_OF(fusedForward128, forward<128>, (ATTENTION, View out), (OPERANDS, out))
KERNEL_OF(fusedBackwardToQueries64, backwardToQueries<64>, (ATTENTION, View dout, View dq, float* statistics),
    (OPERANDS, dout, dq, statistics))
KERNEL_OF(fusedBackwardToQueries128, backwardToQueries<128>, (ATTENTION, View dout, View dq, float* statistics),
    (OPERANDS, dout, dq, statistics))
// Two blocks at a time hide more of each other's waiting than the few numbers cost that registers cannot hold then.
#undef BOUNDS
#define BOUNDS THREADS, 2
KERNEL_OF(fusedBackwardToKeys64, backwardToKeys<64>,
    (ATTENTION, View dout, const float* statistics, View dk, View dv), (OPERANDS, dout, statistics, dk, dv))
#undef BOUNDS
#define BOUNDS THREADS
KERNEL_OF(fusedBackwardToKeys128, backwardToKeys<128>,
    (ATTENTION, View dout, const float* statistics, View dk, View dv), (OPERANDS, dout, statistics, dk, dv))
#undef ATTENTION
#undef OPERANDS
