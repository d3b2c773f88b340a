package dev.wellspring.run.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.RunRefusedException;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.Initialisation;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainRunTest {
    private static final int STEPS = 12;

    @TempDir
    Path folder;

    /// How a training is disturbed.
    private record Disturbance(int threads, Optimizer optimizer, double rate, int stopAfter) {}

    private static final Disturbance NONE = new Disturbance(1, Optimizer.AdamW.withDecay(0.1), 1e-3, -1);

    @Test
    void threadsChangeNothing() throws IOException {
        train(folder.resolve("one"), NONE);
        train(folder.resolve("three"), new Disturbance(3, NONE.optimizer(), NONE.rate(), -1));
        assertSameFiles(folder.resolve("one"), folder.resolve("three"));
    }

    @Test
    void stoppedTrainingsEndWithTheBytesOfUndisturbedOnes() throws IOException {
        for (Optimizer optimizer : List.of(NONE.optimizer(), new Optimizer.Sgd(0.9, 0.01))) {
            String name = optimizer.getClass().getSimpleName();
            Path undisturbed = folder.resolve(name);
            Path stopped = folder.resolve(name + "-stopped");
            train(undisturbed, new Disturbance(1, optimizer, 1e-3, -1));
            for (int steps : new int[] {1, 5, 3}) {
                assertThatThrownBy(() -> train(stopped, new Disturbance(1, optimizer, 1e-3, steps)))
                        .isInstanceOf(CancelledException.class);
            }
            train(stopped, new Disturbance(1, optimizer, 1e-3, -1));
            assertSameFiles(undisturbed, stopped);
            assertThat(stopped.resolve("partial")).doesNotExist();
        }
    }

    @Test
    void theFolderIsACheckpoint() throws IOException {
        Manifest manifest = train(folder.resolve("out"), NONE);
        assertThat(manifest.complete()).isTrue();
        assertThat(manifest.results()).containsEntry("steps", (long) STEPS).containsEntry("documents", 20);
        assertThat(Files.readAllLines(folder.resolve("out/training.csv"))).hasSize(STEPS + 1);
        for (String checkpoint : List.of("out", "out/checkpoints/step-000000004")) {
            try (Checkpoint opened = Checkpoint.open(folder.resolve(checkpoint))) {
                assertThat(opened.has("model.embed_tokens.weight")).isTrue();
            }
        }
        assertThat(folder.resolve("out/checkpoints/step-000000004/optimizer.safetensors"))
                .isNotEmptyFile();
    }

    @Test
    void anotherTrainingIsRefusedInTheSameFolder() throws IOException {
        train(folder.resolve("out"), NONE);
        assertThatThrownBy(() -> train(folder.resolve("out"), new Disturbance(1, NONE.optimizer(), 2e-3, -1)))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("rate was 0.001, now 0.002");
    }

    @Test
    void aTrainingThatBlowsUpIsStopped() {
        assertThatThrownBy(() -> train(folder.resolve("out"), new Disturbance(1, new Optimizer.Sgd(0, 0), 1e30, -1)))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("expected a finite loss and gradient")
                .hasMessageContaining("lower --rate");
    }

    private Manifest train(Path out, Disturbance disturbance) throws IOException {
        Path file = GoldenCase.load("llama").model().resolve("config.json");
        DecoderConfig config = DecoderConfig.read(ConfigFile.read(file));
        var settings = new TrainSettings(
                disturbance.optimizer(),
                disturbance.rate(),
                LearningRate.Shape.COSINE,
                0.25,
                new TrainSettings.Length.Steps(STEPS),
                7,
                1,
                LossSpan.COMPLETION,
                16,
                3,
                11,
                DType.FLOAT32,
                new MemoryBudget(2L << 30),
                new TreeSet<>(List.of(4L)));
        var cancellation = new Cancellation();
        var steps = new Stopping(cancellation, disturbance.stopAfter());
        try (LinearAlgebra algebra = new ReferenceLinearAlgebra();
                var pool = new WorkerPool(disturbance.threads())) {
            var context =
                    new RunContext(algebra, steps, Metrics.inMemory(), cancellation, Duration.ofSeconds(30), "1.0");
            return new TrainRun(context, ReferenceLinearAlgebra::new, pool, settings)
                    .run(
                            new TrainingStart.FromScratch(config, "digest", new Initialisation.Normal(0.02)),
                            new ListedDocuments(documents(config.vocabulary())),
                            Map.of("config.json", file),
                            out);
        }
    }

    /// Asks to stop after so many steps of one process.
    private static final class Stopping implements Progress {
        private final Cancellation cancellation;
        private int left;
        private boolean trains;

        Stopping(Cancellation cancellation, int steps) {
            this.cancellation = cancellation;
            this.left = steps;
        }

        @Override
        public void start(String stage, long totalUnits, String unit) {
            trains = stage.equals("train");
        }

        @Override
        public void advance(long units, long tokens) {
            if (trains && tokens > 0 && --left == 0) {
                cancellation.request();
            }
        }

        @Override
        public void note(String line) {}

        @Override
        public void finish() {}
    }

    private static List<DocumentChunk> documents(int vocabulary) {
        var random = new Random(1);
        List<DocumentChunk> documents = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int[] tokens = random.ints(2 + random.nextInt(14), 1, vocabulary).toArray();
            documents.add(new DocumentChunk("d" + i, 0, null, tokens, i % 3 == 0 ? tokens.length - 2 : 0, "", "{}"));
        }
        return documents;
    }

    private static void assertSameFiles(Path expected, Path actual) throws IOException {
        try (Stream<Path> files = Files.walk(expected)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("history.jsonl"))
                    .toList()) {
                assertThat(actual.resolve(expected.relativize(file))).hasSameBinaryContentAs(file);
            }
        }
    }
}
