package dev.wellspring.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.wellspring.linalg.Backends.Availability;
import dev.wellspring.linalg.Backends.Opened;
import dev.wellspring.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackendsTest {
    @Test
    void theListNamesEveryBackendFastestFirst() {
        assertThat(Backends.list()).extracting(Availability::name).containsExactly("cuda", "cpu", "nd4j", "reference");
        assertThat(Backends.list()).allSatisfy(backend -> {
            assertThat(backend.available()).isEqualTo(!backend.name().equals("cuda") || hasGpu());
            assertThat(backend.reason()).isNotBlank();
        });
    }

    @Test
    void whatTheListSaysOfTypesIsWhatTheBackendSays() {
        for (Availability backend : available()) {
            try (LinearAlgebra algebra = open(backend.name(), DType.FLOAT32).algebra()) {
                assertThat(algebra.name()).isEqualTo(backend.name());
                for (DType type : DType.values()) {
                    assertThat(algebra.computes(type))
                            .as("%s in %s", backend.name(), type)
                            .isEqualTo(backend.types().contains(type));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
    void autoTakesTheFastestThatComputesInTheType(DType type) {
        String expected = hasGpu() ? "cuda" : "cpu";
        Opened opened = open(Backends.AUTO, type);
        try (LinearAlgebra algebra = opened.algebra()) {
            assertThat(algebra.name()).isEqualTo(expected);
            assertThat(opened.choice().name()).isEqualTo(expected);
            assertThat(opened.choice().why())
                    .startsWith("the fastest here that computes in ")
                    .doesNotContain("\n");
        }
    }

    /// On a machine without a GPU this says so in one line, and what to do instead.
    @Test
    void cudaWithoutAGpuSaysWhatIsMissing() {
        Availability cuda = Backends.list().getFirst();
        assumeFalse(cuda.available(), "there is a GPU here");
        assertThat(cuda.reason()).doesNotContain("\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("cuda", DType.FLOAT32))
                .withMessageContaining(cuda.reason())
                .withMessageEndingWith("use auto or reference");
        try (LinearAlgebra algebra = open(Backends.AUTO, DType.FLOAT32).algebra()) {
            assertThat(algebra.name()).isEqualTo("cpu");
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("abacus", DType.FLOAT32))
                .withMessage("backend: expected auto, cuda, cpu, nd4j, reference, got abacus");
    }

    @Test
    void aTypeThatABackendLacksIsAnsweredWithItsTypes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("nd4j", DType.BFLOAT16))
                .withMessage("backend nd4j: expected a type out of float32, float64, got bfloat16; use one of these,"
                        + " or the backend auto");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(Backends.AUTO, DType.INT32))
                .withMessage("type: no backend computes in int32; use float32, float64, bfloat16");
    }

    private static List<Availability> available() {
        return Backends.list().stream().filter(Availability::available).toList();
    }

    private static boolean hasGpu() {
        return Backends.list().getFirst().available();
    }

    private static Opened open(String name, DType type) {
        return Backends.open(name, type, RowParallel.serial());
    }
}
