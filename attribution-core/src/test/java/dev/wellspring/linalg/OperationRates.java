package dev.wellspring.linalg;

import dev.wellspring.model.SequenceGradients;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Segments;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.stream.IntStream;

/// What each operation of a backend reaches at the sizes of a model, beside what the machine can do: products in
/// TFLOP/s and as a share of a large square product of the same type, everything else in the bytes that it has
/// to read and to write a second, and as a share of a copy. Prints a table.
///
/// Arguments: backend, threads, hidden width, inner width, heads, key and value heads, vocabulary, documents, tokens
/// of each, queries, rank.
public final class OperationRates {
    private static final double SECONDS = 0.1;
    private static final int REFERENCE_ROWS = 8192;

    private final LinearAlgebra algebra;
    private final int hidden;
    private final int inner;
    private final int heads;
    private final int groups;
    private final int vocabulary;
    private final int documents;
    private final int tokens;
    private final int queries;
    private final int rank;
    private final long rows;
    private final DType narrow = DType.BFLOAT16;
    private double copyRate;
    private double narrowRate;
    private double wideRate;

    private OperationRates(LinearAlgebra algebra, int[] sizes) {
        this.algebra = algebra;
        hidden = sizes[0];
        inner = sizes[1];
        heads = sizes[2];
        groups = sizes[3];
        vocabulary = sizes[4];
        documents = sizes[5];
        tokens = sizes[6];
        queries = sizes[7];
        rank = sizes[8];
        rows = (long) documents * tokens;
    }

    /// Prints the table.
    public static void main(String[] arguments) {
        try (var pool = new WorkerPool(Integer.parseInt(arguments[1]));
                LinearAlgebra algebra =
                        Backends.open(arguments[0], DType.BFLOAT16, pool).algebra()) {
            int[] sizes = IntStream.range(2, arguments.length)
                    .map(i -> Integer.parseInt(arguments[i]))
                    .toArray();
            new OperationRates(algebra, sizes).print();
        }
    }

    private void print() {
        narrowRate = MachineRates.gemm(algebra, narrow, REFERENCE_ROWS, SECONDS);
        wideRate = MachineRates.gemm(algebra, DType.FLOAT32, REFERENCE_ROWS, SECONDS);
        copyRate = MachineRates.copy(algebra, 1L << 30, SECONDS);
        System.out.printf(
                Locale.ROOT,
                "%s: products %.0f TFLOP/s in bfloat16, %.0f in float32; copies %.2f TB/s%n%n",
                algebra.description(),
                narrowRate / 1e12,
                wideRate / 1e12,
                copyRate / 1e12);
        System.out.println("| operation | ms | TFLOP/s or TB/s | share |");
        System.out.println("|---|---|---|---|");
        modelProducts();
        sums();
        lambda();
        contractions();
        norms();
        layers();
        attention();
        losses();
        transfers();
        decompositions();
    }

    // ---- products ----

    private void modelProducts() {
        product("up: (R, hidden)·(hidden, inner)", narrow, rows, hidden, inner, narrow, narrow);
        product("down: (R, inner)·(inner, hidden)", narrow, rows, inner, hidden, narrow, narrow);
        product("head: (1024, hidden)·(hidden, vocabulary)", narrow, 1024, hidden, vocabulary, narrow, DType.FLOAT32);
    }

    private void product(String name, DType a, long m, long k, long n, DType b, DType c) {
        try (Tensor left = random(a, m, k);
                Tensor right = random(b, n, k);
                Tensor result = algebra.allocate(c, m, n)) {
            boolean isNarrow = a == narrow && b == narrow;
            flop(
                    name + " " + b.name().toLowerCase(Locale.ROOT),
                    2.0 * m * k * n,
                    isNarrow,
                    () -> algebra.gemm(1, left, right.transposed(), 0, result));
        }
    }

    private void sums() {
        for (int n : new int[] {hidden, hidden + 1, inner}) {
            try (Tensor x = random(narrow, rows, 32L * Math.ceilDiv(n, 32));
                    Tensor c = algebra.allocate(DType.FLOAT64, n, n)) {
                flop(
                        "lowerRankUpdate of (R, " + n + ") into float64",
                        (double) rows * n * n,
                        true,
                        () -> algebra.lowerRankUpdate(1, x.columns(0, n), 1, c));
            }
        }
    }

    private void lambda() {
        for (int n : new int[] {hidden, hidden + 1, inner}) {
            try (Tensor x = random(narrow, rows, 32L * Math.ceilDiv(n, 32));
                    Tensor basis = random(DType.FLOAT32, n, n);
                    Tensor rotated = algebra.allocate(DType.FLOAT32, rows, n)) {
                flop(
                        "rotation of (R, " + n + ")",
                        2.0 * rows * n * n,
                        false,
                        () -> algebra.gemm(1, x.columns(0, n), basis, 0, rotated));
            }
        }
        int together = Math.min(documents, 16);
        for (int n : new int[] {hidden, hidden + 1}) {
            try (Tensor g = random(DType.FLOAT32, (long) together * tokens, inner);
                    Tensor a = random(DType.FLOAT32, (long) together * tokens, n);
                    Tensor gradients = algebra.allocate(DType.FLOAT32, together, inner, n);
                    Tensor sum = algebra.allocate(DType.FLOAT64, inner, n)) {
                flop(
                        together + " gradients (inner, " + n + ") in float32",
                        2.0 * together * tokens * inner * n,
                        false,
                        () -> SequenceGradients.form(algebra, g, a, gradients));
                bytes(
                        "addSquared of " + together + " gradients (inner, " + n + ")",
                        4.0 * together * inner * n + 16.0 * inner * n,
                        () -> algebra.addSquared(1, gradients, sum));
            }
        }
    }

    private void contractions() {
        long width = (long) queries * rank;
        long step = Math.clamp((256L << 20) / 4 / (2 * width), 1, rows);
        try (Tensor g = random(narrow, step, inner);
                Tensor u = random(DType.FLOAT32, width, inner);
                Tensor gu = algebra.allocate(DType.FLOAT32, step, width);
                Tensor av = random(DType.FLOAT32, step, width);
                Tensor scores = algebra.allocate(DType.FLOAT64, step, queries)) {
            flop(
                    "contraction: (" + step + ", inner)·(inner, queries·rank)",
                    2.0 * step * inner * width,
                    false,
                    () -> algebra.gemm(1, g, u.transposed(), 0, gu));
            bytes(
                    "rowDot of (" + step + ", queries, rank)",
                    8.0 * step * width,
                    () -> algebra.rowDot(gu.split(1, queries, rank), av.split(1, queries, rank), 0, scores));
        }
    }

    private void norms() {
        int[] offsets = IntStream.rangeClosed(0, documents).map(d -> d * tokens).toArray();
        try (Tensor a = random(narrow, rows, hidden);
                Tensor g = random(narrow, rows, inner);
                Tensor gg = algebra.allocate(DType.FLOAT32, documents, tokens, tokens);
                Tensor sums = algebra.allocate(DType.FLOAT64, documents, 1);
                Tensor onBackend = algebra.allocate(DType.INT32, documents + 1)) {
            algebra.upload(MemorySegment.ofArray(offsets), DType.INT32, onBackend);
            var segments = new Segments(offsets, onBackend);
            double flop = (double) rows * tokens * (hidden + inner);
            flop(
                    "norms of gradients (inner, hidden), half of the products needed",
                    flop,
                    true,
                    () -> algebra.addGradientNorms(a, g, segments, sums));
            Tensor gs = g.split(0, documents, tokens);
            flop(
                    documents + " products (tokens, inner)·(inner, tokens)",
                    2.0 * rows * tokens * inner,
                    true,
                    () -> algebra.batchedGemm(1, gs, gs.transposed(), 0, gg));
        }
    }

    // ---- layers ----

    private void layers() {
        try (Tensor x = random(narrow, rows, hidden);
                Tensor y = random(narrow, rows, hidden);
                Tensor weight = random(narrow, 1, hidden);
                Tensor statistics = algebra.allocate(DType.FLOAT32, rows, 2);
                Tensor gateUp = random(narrow, rows, 2L * inner);
                Tensor dy = random(narrow, rows, inner)) {
            double row = 2.0 * rows * hidden;
            bytes(
                    "normForward",
                    2 * row,
                    () -> algebra.normForward(NormKind.RMS_NORM, 1e-6, x, weight.select(0, 0), null, y, statistics));
            bytes(
                    "normBackward",
                    4 * row,
                    () -> algebra.normBackward(NormKind.RMS_NORM, y, x, weight.select(0, 0), statistics, 1, y));
            bytes("add", 3 * row, () -> algebra.add(1, x, y));
            bytes("copy", 2 * row, () -> algebra.copy(x, y));
            Tensor gate = gateUp.columns(0, inner);
            Tensor up = gateUp.columns(inner, 2L * inner);
            double wide = 2.0 * rows * inner;
            bytes("gatedForward", 3 * wide, () -> algebra.gatedForward(Activation.SILU, gate, up, dy));
            bytes("gatedBackward", 5 * wide, () -> algebra.gatedBackward(Activation.SILU, gate, up, dy, gate, up));
            bytes("activationForward, gelu", 2 * wide, () -> algebra.activationForward(Activation.GELU, gate, dy));
        }
    }

    private void attention() {
        int width = hidden / heads;
        AttentionShape shape = new AttentionShape(1 / Math.sqrt(width), 0, 0);
        int[] offsets = IntStream.rangeClosed(0, documents).map(d -> d * tokens).toArray();
        try (Tensor q = random(narrow, rows, (long) heads * width);
                Tensor k = random(narrow, rows, (long) groups * width);
                Tensor v = random(narrow, rows, (long) groups * width);
                Tensor o = random(narrow, rows, (long) heads * width);
                Tensor dq = random(narrow, rows, (long) heads * width);
                Tensor dk = random(narrow, rows, (long) groups * width);
                Tensor dv = random(narrow, rows, (long) groups * width);
                Tensor onBackend = algebra.allocate(DType.INT32, documents + 1);
                Tensor angles = random(DType.FLOAT32, tokens, width / 2);
                Tensor positions = algebra.allocate(DType.INT32, rows)) {
            algebra.upload(MemorySegment.ofArray(offsets), DType.INT32, onBackend);
            var segments = new Segments(offsets, onBackend);
            double flop = 2.0 * documents * heads * tokens * tokens * width;
            flop(
                    "attentionForward, half of the products needed",
                    flop,
                    true,
                    () -> algebra.attentionForward(
                            q.split(1, heads, width),
                            k.split(1, groups, width),
                            v.split(1, groups, width),
                            segments,
                            shape,
                            o.split(1, heads, width)));
            flop(
                    "attentionBackward, half of the products needed",
                    2.5 * flop,
                    true,
                    () -> algebra.attentionBackward(
                            q.split(1, heads, width),
                            k.split(1, groups, width),
                            v.split(1, groups, width),
                            segments,
                            shape,
                            o.split(1, heads, width),
                            dq.split(1, heads, width),
                            dk.split(1, groups, width),
                            dv.split(1, groups, width)));
            bytes(
                    "rotary of queries",
                    4.0 * rows * hidden,
                    () -> algebra.rotary(q.split(1, heads, width), angles, angles, positions, false, false));
        }
    }

    private void losses() {
        try (Tensor logits = random(DType.FLOAT32, 1024, vocabulary);
                Tensor labels = algebra.allocate(DType.INT32, 1024);
                Tensor weights = algebra.allocate(DType.FLOAT64, 1024);
                Tensor losses = algebra.allocate(DType.FLOAT64, 1024)) {
            algebra.fill(weights, 1);
            bytes(
                    "crossEntropy of (1024, vocabulary)",
                    8.0 * 1024 * vocabulary,
                    () -> algebra.crossEntropy(logits, labels, weights, 0, losses));
        }
    }

    // ---- memory and decompositions ----

    private void transfers() {
        long count = 64L << 20;
        float[] host = new float[(int) count];
        try (Tensor there = algebra.allocate(DType.FLOAT32, 1024, count / 1024);
                Tensor wide = algebra.allocate(DType.FLOAT64, 1024, count / 1024)) {
            bytes(
                    "upload, float32",
                    4.0 * count,
                    () -> algebra.upload(MemorySegment.ofArray(host), DType.FLOAT32, there));
            bytes(
                    "download, float32",
                    4.0 * count,
                    () -> algebra.download(there, MemorySegment.ofArray(host), DType.FLOAT32));
            bytes(
                    "download of float64 as float32",
                    4.0 * count,
                    () -> algebra.download(wide, MemorySegment.ofArray(host), DType.FLOAT32));
        }
    }

    private void decompositions() {
        for (int batch : new int[] {1, 2, 4}) {
            try (Tensor a = random(DType.FLOAT32, batch, (long) inner * hidden);
                    Tensor u = algebra.allocate(DType.FLOAT32, batch, inner, rank);
                    Tensor v = algebra.allocate(DType.FLOAT32, batch, hidden, rank)) {
                Tensor matrices = a.split(1, inner, hidden);
                flop(
                        "truncatedSvd of " + batch + " (inner, hidden)",
                        1e-3,
                        false,
                        () -> algebra.batchedTruncatedSvd(matrices, u, v));
                try (Tensor basis = random(DType.FLOAT32, batch, (long) hidden * (rank + 16));
                        Tensor images = algebra.allocate(DType.FLOAT32, batch, inner, rank + 16);
                        Tensor wide = algebra.allocate(DType.FLOAT64, batch, inner, rank + 16);
                        Tensor gram = algebra.allocate(DType.FLOAT64, batch, rank + 16, rank + 16)) {
                    Tensor directions = basis.split(1, hidden, rank + 16);
                    double flop = 2.0 * batch * inner * hidden * (rank + 16);
                    flop("A·V", flop, false, () -> algebra.batchedGemm(1, matrices, directions, 0, images));
                    flop(
                            "Aᵀ·X",
                            flop,
                            false,
                            () -> algebra.batchedGemm(1, matrices.transposed(), images, 0, directions));
                    bytes("widen X", 12.0 * batch * inner * (rank + 16), () -> algebra.copy(images, wide));
                    flop(
                            "XᵀX in float64",
                            2.0 * batch * inner * (rank + 16) * (rank + 16),
                            false,
                            () -> algebra.batchedGemm(1, wide.transposed(), wide, 0, gram));
                    flop(
                            "X·turns in float64",
                            2.0 * batch * inner * (rank + 16) * (rank + 16),
                            false,
                            () -> algebra.batchedGemm(1, wide, gram, 0, images));
                }
            }
        }
        for (int n : new int[] {hidden, inner}) {
            try (Tensor x = random(DType.FLOAT64, n, n);
                    Tensor c = algebra.allocate(DType.FLOAT64, n, n);
                    Tensor values = algebra.allocate(DType.FLOAT64, n);
                    Tensor vectors = algebra.allocate(DType.FLOAT64, n, n)) {
                algebra.rankUpdate(1.0 / n, x, 0, c);
                flop("eigh of " + n, 14.0 / 3 * n * n * n, false, () -> algebra.eigh(c, values, vectors));
            }
        }
    }

    // ---- timing ----

    private void flop(String name, double flop, boolean isNarrow, Runnable call) {
        line(name, flop, isNarrow ? narrowRate : wideRate, call);
    }

    private void bytes(String name, double bytes, Runnable call) {
        line(name, bytes, copyRate, call);
    }

    private void line(String name, double amount, double limit, Runnable call) {
        call.run();
        algebra.finish();
        double best = Double.MAX_VALUE;
        double spent = 0;
        int calls = 1;
        while (spent < SECONDS) {
            long begin = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                call.run();
            }
            algebra.finish();
            double seconds = (System.nanoTime() - begin) / 1e9;
            spent += seconds;
            best = Math.min(best, seconds / calls);
            calls = Math.clamp((long) (SECONDS / 4 / best), 1, 1000);
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %.0f %% |%n",
                name,
                best * 1e3,
                amount / best / 1e12,
                100 * amount / best / limit);
    }

    private Tensor random(DType type, long rows, long columns) {
        Tensor tensor = algebra.allocate(type, rows, columns);
        MachineRates.fillRandomly(algebra, tensor);
        return tensor;
    }
}
