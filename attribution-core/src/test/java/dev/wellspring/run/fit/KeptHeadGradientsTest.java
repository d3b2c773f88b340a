package dev.wellspring.run.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.curvature.CurvatureStrategy;
import dev.wellspring.curvature.HostArrays;
import dev.wellspring.golden.GoldenCase;
import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.reference.ReferenceLinearAlgebra;
import dev.wellspring.model.HeadGradients;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.run.Cancellation;
import dev.wellspring.run.CancelledException;
import dev.wellspring.run.Listener;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.Metrics;
import dev.wellspring.run.ModuleSelection;
import dev.wellspring.run.RunContext;
import dev.wellspring.run.TimedOperations;
import dev.wellspring.run.documents.ListedDocuments;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptHeadGradientsTest {
    @TempDir
    Path folder;

    private final LinearAlgebra algebra = new ReferenceLinearAlgebra();
    private final Listener listener = new Listener();

    @AfterEach
    void close() {
        algebra.close();
    }

    @Test
    void whatWasKeptIsFoundAgainAndNothingElse() throws IOException {
        Path file = folder.resolve("kept");
        try (var kept = new KeptHeadGradients(file, 0, listener);
                Tensor first = tensor(1, 2, 3, 4, 5, 6);
                Tensor second = tensor(7, 8)) {
            assertThat(kept.of(0, true).take(first)).isFalse();
            kept.of(0, true).keep(first);
            kept.of(5, true).keep(second);
            kept.of(9, false).keep(second);
            assertThat(taken(kept.of(5, false), 2)).containsExactly(7, 8);
            assertThat(taken(kept.of(0, false), 6)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(kept.of(9, false).take(second)).isFalse();
            assertThat(file).hasSize(8 * Float.BYTES);
        }
        assertThat(file).doesNotExist();
        assertThat(listener.notes()).isEmpty();
    }

    @Test
    void withoutAnythingToKeepThereIsNoFileAndWhatWasLeftGoesAway() throws IOException {
        Path file = folder.resolve("kept");
        Files.write(file, new byte[100]);
        try (var kept = new KeptHeadGradients(file, 0, listener);
                Tensor some = tensor(1)) {
            assertThat(kept.of(0, false).take(some)).isFalse();
            kept.of(0, false).keep(some);
            assertThat(file).doesNotExist();
        }
        assertThat(listener.notes()).isEmpty();
    }

    @Test
    void afterTheLastPassThereIsNothingAndNothingIsKept() throws IOException {
        Path file = folder.resolve("kept");
        try (var kept = new KeptHeadGradients(file, 0, listener);
                Tensor some = tensor(1, 2)) {
            kept.of(0, true).keep(some);
            kept.drop();
            kept.of(1, true).keep(some);
            assertThat(kept.of(0, true).take(some)).isFalse();
            assertThat(kept.of(1, true).take(some)).isFalse();
            assertThat(file).doesNotExist();
        }
        assertThat(listener.notes()).isEmpty();
    }

    @Test
    void whatTheRunHasStillToWriteIsLeftFree() throws IOException {
        try (var kept = new KeptHeadGradients(folder.resolve("kept"), Long.MAX_VALUE / 2, listener);
                Tensor some = tensor(1, 2)) {
            kept.of(0, true).keep(some);
            assertThat(kept.of(0, true).take(some)).isFalse();
        }
        assertThat(listener.notes()).hasSize(1).first().asString().contains("too little free disk");
    }

    @Test
    void aDiskThatRefusesIsSaidOnceAndDoesNotStopARun() throws IOException {
        Path noFolder = folder.resolve("no folder");
        try (var kept = new KeptHeadGradients(noFolder.resolve("kept"), 0, listener);
                Tensor some = tensor(1, 2)) {
            Files.write(noFolder, new byte[1]);
            kept.of(0, true).keep(some);
            kept.of(1, true).keep(some);
            assertThat(kept.of(0, true).take(some)).isFalse();
        }
        assertThat(listener.notes())
                .hasSize(1)
                .first()
                .asString()
                .contains("cannot be written", "computed in every pass");
    }

    @Test
    void aFileThatLosesItsEndIsNotReadAsIfItHadOne() throws IOException {
        Path file = folder.resolve("kept");
        try (var kept = new KeptHeadGradients(file, 0, listener);
                Tensor some = tensor(1, 2)) {
            kept.of(0, true).keep(some);
            Files.write(file, new byte[3]);
            assertThat(kept.of(0, true).take(some)).isFalse();
        }
        assertThat(listener.notes()).hasSize(1).first().asString().contains("cannot be read");
    }

    /// Λ of a run that kept them needs no logits; of one that was stopped before it does, and comes to the same.
    @Test
    void theLastStageOfARunTakesThem() throws IOException {
        assertThat(fit("whole", new Cancellation(), "").at("/lambda/operations").has("crossEntropy"))
                .isFalse();
        assertThatThrownBy(() -> fit("stopped", new Cancellation(), "eigenbasis"))
                .isInstanceOf(CancelledException.class);
        JsonNode rest = fit("stopped", new Cancellation(), "");
        assertThat(rest.at("/lambda/operations").has("crossEntropy")).isTrue();
        SameFiles.assertSame(folder.resolve("whole"), folder.resolve("stopped"));
    }

    private JsonNode fit(String name, Cancellation cancellation, String last) throws IOException {
        GoldenCase golden = GoldenCase.load("llama");
        var settings = new FitSettings(
                CurvatureStrategy.EKFAC,
                LabelChoice.SAMPLED,
                new ModuleSelection("mlp"),
                -1,
                18,
                7,
                DType.FLOAT32,
                new MemoryBudget(MemoryBudget.BASE + (64L << 20)),
                100);
        Metrics metrics = Metrics.inMemory();
        try (Checkpoint checkpoint = Checkpoint.open(golden.model())) {
            var context = new RunContext(
                    TimedOperations.of(algebra, metrics),
                    new Listener(cancellation, last),
                    metrics,
                    cancellation,
                    Duration.ofSeconds(30),
                    "1.0");
            new FitRun(context, settings)
                    .run(checkpoint, ListedDocuments.beginnings(golden, 18, 16), folder.resolve(name));
        }
        Path file = folder.resolve(name + ".json");
        metrics.writeJson(file);
        return new ObjectMapper().readTree(file.toFile());
    }

    private Tensor tensor(double... values) {
        Tensor tensor = algebra.allocate(DType.FLOAT32, 1, values.length);
        HostArrays.upload(algebra, values, tensor);
        return tensor;
    }

    private double[] taken(HeadGradients gradients, int count) {
        try (Tensor tensor = algebra.allocate(DType.FLOAT32, 1, count)) {
            assertThat(gradients.take(tensor)).isTrue();
            return HostArrays.download(algebra, tensor);
        }
    }
}
