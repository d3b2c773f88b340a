package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(OS.WINDOWS)
class SignalsTest {
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void signalIsHeardInsteadOfEndingTheProcess(String name, int status) throws Exception {
        assumeThat(Signalled.isIgnored(name))
                .as("%s is ignored by this process' parents", name)
                .isFalse();
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        try (var signals = Signals.listen(heard::add)) {
            assertThat(signals).isNotNull();
            long process = ProcessHandle.current().pid();
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(status);
        }
    }
}
