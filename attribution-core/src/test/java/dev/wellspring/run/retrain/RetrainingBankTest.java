package dev.wellspring.run.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.ConfigFile;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.Progress;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.WorkerPool;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.run.train.LossSpan;
import dev.wellspring.run.train.Recipe;
import dev.wellspring.run.train.TrainRun;
import dev.wellspring.run.train.TrainSettings;
import dev.wellspring.run.train.TrainingStart;
import dev.wellspring.tensor.DType;
import dev.wellspring.train.Initialisation;
import dev.wellspring.train.LearningRate;
import dev.wellspring.train.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainingBankTest {
    private static final MemoryBudget MEMORY = new MemoryBudget(2L << 30);
    private static final TrainSettings RECIPE = new TrainSettings(
            Optimizer.AdamW.withDecay(0.1),
            2e-3,
            LearningRate.Shape.LINEAR,
            0.1,
            new TrainSettings.Length.Epochs(2.5),
            4,
            1,
            LossSpan.COMPLETION,
            16,
            2,
            9,
            DType.FLOAT32,
            MEMORY,
            new TreeSet<>());

    @TempDir
    Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();
    private final WorkerPool pool = new WorkerPool(2);
    private final Path config = GoldenCase.load("gpt2").model().resolve("config.json");
    private List<DocumentChunk> documents;
    private TrainingStart start;
    private RunContext context;
    private RetrainingBank bank;

    @BeforeEach
    void open() throws IOException {
        DecoderConfig read = DecoderConfig.read(ConfigFile.read(config));
        start = new TrainingStart.FromScratch(read, "digest", new Initialisation.Modules());
        var random = new Random(1);
        documents = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] tokens = random.ints(8, 1, read.vocabulary()).toArray();
            documents.add(new DocumentChunk("d" + i, 0, null, tokens, 0, "", "{}"));
        }
        context = new RunContext(
                algebra, Progress.silent(), Metrics.inMemory(), new Cancellation(), Duration.ofSeconds(30), "1.0");
        bank = new RetrainingBank(
                context,
                ReferenceLinearAlgebra::new,
                pool,
                RECIPE,
                start,
                documents,
                "listed",
                Map.of("config.json", config),
                folder.resolve("bank"));
    }

    @AfterEach
    void close() {
        pool.close();
        algebra.close();
    }

    @Test
    void withNothingRemovedTheModelIsTheOneThatTrainingMakes() throws IOException {
        Path trained = folder.resolve("trained");
        new TrainRun(context, ReferenceLinearAlgebra::new, pool, RECIPE)
                .run(start, new ListedDocuments(documents), Map.of("config.json", config), trained);
        var whole = new Retraining(new BitSet(), RECIPE.seed());
        bank.train(List.of(whole));
        assertThat(bank.place(whole).resolve("model.safetensors"))
                .hasSameBinaryContentAs(trained.resolve("model.safetensors"));
        assertThat(bank.place(whole).resolve("manifest.json")).hasSameBinaryContentAs(trained.resolve("manifest.json"));
        assertThat(Recipe.of(trained, MEMORY)).isEqualTo(RECIPE);
        assertThat(Recipe.initialisation(trained)).isEqualTo(new Initialisation.Modules());
    }

    @Test
    void aModelIsOneOfTheDocumentsThatAreLeft() throws IOException {
        var removed = new BitSet();
        removed.set(0);
        removed.set(5);
        removed.set(11);
        var model = new Retraining(removed, 4);
        bank.train(List.of(model));
        List<DocumentChunk> left = IntStream.range(0, 12)
                .filter(i -> !removed.get(i))
                .mapToObj(documents::get)
                .toList();
        Path trained = folder.resolve("left");
        new TrainRun(context, ReferenceLinearAlgebra::new, pool, RECIPE.withSeed(4))
                .run(start, new ListedDocuments(left), Map.of("config.json", config), trained);
        assertThat(bank.place(model).resolve("model.safetensors"))
                .hasSameBinaryContentAs(trained.resolve("model.safetensors"));
    }

    @Test
    void modelsAreKeptAndUsedAgain() throws IOException {
        List<Retraining> models = IntStream.range(0, 3)
                .mapToObj(seed -> new Retraining(new BitSet(), seed))
                .toList();
        bank.train(models);
        Path first = bank.place(models.getFirst()).resolve("history.jsonl");
        byte[] before = Files.readAllBytes(first);
        bank.train(models);
        assertThat(first).hasBinaryContent(before);
        assertThat(models.stream().map(bank::place).distinct()).hasSize(3);

        List<Sequence> sequences =
                documents.stream().map(DocumentChunk::sequence).toList();
        assertThat(bank.evaluate(models.getFirst(), sequences))
                .hasSize(12)
                .isNotEqualTo(bank.evaluate(models.getLast(), sequences));
    }
}
