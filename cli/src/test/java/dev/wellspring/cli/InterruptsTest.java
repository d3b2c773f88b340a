package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wellspring.run.Cancellation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptsTest {
    @Test
    void firstRequestStopsTheRunAndSaysHowToContinue() {
        var cancellation = new Cancellation();
        List<String> said = new ArrayList<>();
        try (var interrupts = new Interrupts(cancellation, said::add, "wellspring score --out run")) {
            assertThat(interrupts.ask()).isTrue();
            assertThat(interrupts.ask()).isFalse();
        }
        assertThat(cancellation.isRequested()).isTrue();
        assertThat(said)
                .containsExactly("Stopping after the current shard; once more ends at once."
                        + " To continue later: wellspring score --out run");
    }
}
