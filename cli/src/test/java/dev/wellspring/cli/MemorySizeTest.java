package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "512M, 536870912",
        "8G, 8589934592",
        "1.5g, 1610612736",
        "2 , 2",
        "64k, 65536",
        "1T, 1099511627776",
        "10GB, 10737418240",
        "10GiB, 10737418240"
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(MemorySize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "-1G", "1,5G", "8X", "1e9", "0x10", "1 G"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> MemorySize.parse(text))
                .hasMessage("expected a size such as 512M, 8G or 1.5g, got '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.4", "0G", "8388608T"})
    void sizesBeyondEveryMachineAreRefused(String text) {
        assertThatThrownBy(() -> MemorySize.parse(text)).hasMessageContaining("from 1 byte to 8 EiB, got '" + text);
    }

    @Test
    void sizesArePrintedInTheLargestUnit() {
        assertThat(new MemorySize(1536L << 20)).hasToString("1.5G");
        assertThat(new MemorySize(512L << 20)).hasToString("512M");
        assertThat(new MemorySize(1023)).hasToString("1023");
    }

    @Test
    void halfOfTheMachineIsMoreThanNothing() {
        assertThat(MemorySize.halfOfMachine().bytes()).isGreaterThan(1L << 20);
    }
}
