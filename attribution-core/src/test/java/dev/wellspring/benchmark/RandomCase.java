package dev.wellspring.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.linalg.Bfloat16;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.CheckpointFile;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.DecoderWeights.Weight;
import dev.wellspring.model.checkpoint.SafetensorsWriter;
import dev.wellspring.model.checkpoint.SafetensorsWriter.Slot;
import dev.wellspring.model.checkpoint.StoredType;
import dev.wellspring.tensor.DType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/// Makes a case to time: a checkpoint of a known shape with random weights in bfloat16, and documents and queries of
/// random token ids, so that no tokenizer takes part. The same arguments give the same bytes.
///
/// The folder holds `model/`, `documents.jsonl`, `queries.jsonl` and `case.json`, which says what it is and is written
/// last.
public final class RandomCase {
    /// Of weights, as Hugging Face's code draws them.
    private static final double SPREAD = 0.02;

    private static final int PROMPT_TOKENS = 32;
    private static final int COMPLETION_TOKENS = 16;
    private static final int BLOCK = 1 << 20;
    private static final short ONE = Bfloat16.fromFloat(1);

    /// Tokens of a query.
    static final int QUERY_TOKENS = PROMPT_TOKENS + COMPLETION_TOKENS;

    /// Normal numbers in bfloat16, from which weights are drawn: a thousand million of them take a second or two.
    private static final short[] NORMAL = normal();

    private RandomCase() {}

    /// Arguments: shape such as `pythia-160m`, documents, tokens of each, queries, folder.
    public static void main(String[] arguments) throws IOException {
        write(
                ModelShape.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]),
                Path.of(arguments[4]));
    }

    /// Writes a case into a folder, which is made.
    ///
    /// @param tokens of every document
    static void write(ModelShape shape, int documents, int tokens, int queries, Path folder) throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        DecoderConfig config = shape.write(model);
        writeWeights(config, model);
        writeDocuments(folder.resolve("documents.jsonl"), config.vocabulary(), documents, tokens);
        writeQueries(folder.resolve("queries.jsonl"), config.vocabulary(), queries);
        ObjectNode description = new ObjectMapper().createObjectNode();
        description.put("shape", shape.word()).put("documents", documents).put("tokens", tokens);
        description.put("queries", queries).put("queryTokens", QUERY_TOKENS);
        Files.writeString(folder.resolve("case.json"), description + "\n");
    }

    // ---- weights ----

    private static short[] normal() {
        short[] values = new short[1 << 16];
        var random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = Bfloat16.fromDouble(SPREAD * random.nextGaussian());
        }
        return values;
    }

    private static void writeWeights(DecoderConfig config, Path folder) throws IOException {
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                DecoderWeights weights = DecoderWeights.allocate(algebra, config, DType.BFLOAT16);
                var writer = SafetensorsWriter.create(
                        folder.resolve(CheckpointFile.NAME), Map.of("format", "pt"), slots(weights))) {
            var random = new SplittableRandom(2);
            for (Weight weight : weights.tensors()) {
                writeWeight(writer, weight, random);
            }
            writer.finish();
        }
    }

    private static List<Slot> slots(DecoderWeights weights) {
        return weights.tensors().stream()
                .map(weight ->
                        new Slot(weight.name(), StoredType.BF16, weight.tensor().shape()))
                .toList();
    }

    /// Norms begin with ones, biases with zeros.
    private static void writeWeight(SafetensorsWriter writer, Weight weight, SplittableRandom random)
            throws IOException {
        boolean bias = weight.name().endsWith(".bias");
        boolean drawn = !bias && weight.kind() != DecoderWeights.Kind.NORM;
        long left = weight.tensor().elementCount();
        while (left > 0) {
            short[] block = new short[(int) Math.min(BLOCK, left)];
            if (drawn) {
                draw(block, random);
            } else {
                Arrays.fill(block, bias ? 0 : ONE);
            }
            writer.append(weight.name(), MemorySegment.ofArray(block));
            left -= block.length;
        }
    }

    /// Four weights of every 64 random bits.
    private static void draw(short[] block, SplittableRandom random) {
        long bits = 0;
        for (int i = 0; i < block.length; i++) {
            bits = i % 4 == 0 ? random.nextLong() : bits >>> 16;
            block[i] = NORMAL[(int) (bits & 0xffff)];
        }
    }

    // ---- documents and queries ----

    private static void writeDocuments(Path file, int vocabulary, int documents, int tokens) throws IOException {
        var random = new SplittableRandom(3);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < documents; i++) {
                out.append(String.format("{\"id\": \"d%06d\", \"source\": \"random\", \"tokens\": ", i));
                out.append(ids(random, vocabulary, tokens)).append("}\n");
            }
        }
    }

    private static void writeQueries(Path file, int vocabulary, int queries) throws IOException {
        var random = new SplittableRandom(4);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < queries; i++) {
                out.append(String.format(
                        "{\"id\": \"q%03d\", \"kind\": \"%s\", \"family\": \"random\", \"prompt_tokens\": ",
                        i, i % 2 == 0 ? "reasoning" : "factual"));
                out.append(ids(random, vocabulary, PROMPT_TOKENS)).append(", \"completion_tokens\": ");
                out.append(ids(random, vocabulary, COMPLETION_TOKENS)).append("}\n");
            }
        }
    }

    /// The first two ids are left out: in most vocabularies they begin and end texts.
    private static String ids(SplittableRandom random, int vocabulary, int count) {
        return Arrays.toString(random.ints(count, 2, vocabulary).toArray());
    }
}
