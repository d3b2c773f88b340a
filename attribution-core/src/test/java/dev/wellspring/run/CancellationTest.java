package dev.wellspring.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CancellationTest {
    private final Cancellation cancellation = new Cancellation();

    @Test
    void runGoesOnWhileNobodyAsks() {
        assertThat(cancellation.isRequested()).isFalse();
        assertThatCode(() -> cancellation.check("1 of 2 shards")).doesNotThrowAnyException();
    }

    @Test
    void runStopsAtTheNextCheckAndSaysWhatIsSafe() {
        cancellation.request();
        assertThat(cancellation.isRequested()).isTrue();
        assertThatThrownBy(() -> cancellation.check("1 of 2 shards"))
                .isInstanceOf(CancelledException.class)
                .hasMessage("stopped on request after 1 of 2 shards");
    }
}
