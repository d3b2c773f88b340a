package dev.wellspring.store.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FletcherChecksumTest {
    /// Byte i is i² + 3i + 7, modulo 256.
    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * i + 3 * i + 7);
        }
        return bytes;
    }

    private static String ofArray(byte[] bytes) {
        FletcherChecksum checksum = new FletcherChecksum();
        checksum.update(bytes, 0, bytes.length);
        return HexFormat.of().toHexDigits(checksum.value());
    }

    private static String ofMemory(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            FletcherChecksum checksum = new FletcherChecksum();
            checksum.update(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
            return HexFormat.of().toHexDigits(checksum.value());
        }
    }

    /// Expected: the recipe in the javadoc in NumPy 2.4 on the same bytes.
    @ParameterizedTest
    @CsvSource({
        "0, 0000000000000000",
        "1, 6acc08601d15c126",
        "7, 1b2d6037d5450030",
        "8, a1cd5504ee4b2ed0",
        "9, d81235e7ed81e6b2",
        "31, 069476f76312a392",
        "32, 197413111d2e9b8f",
        "33, 9773ddff87f10803",
        "63, ef2d64355f8ca9d2",
        "64, bb4021fdc2cce2ea",
        "65, 3cbc2fa85271c045",
        "1000, 06f337760d856e98",
    })
    void theRecipeGivesTheSame(int count, String expected) {
        assertThat(ofArray(bytes(count))).isEqualTo(expected);
        assertThat(ofMemory(bytes(count))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 31, 32, 33, 64, 100, 999})
    void bytesMayComeInPieces(int piece) {
        byte[] bytes = bytes(1000);
        FletcherChecksum arrays = new FletcherChecksum();
        FletcherChecksum segments = new FletcherChecksum();
        for (int from = 0; from < bytes.length; from += piece) {
            int length = Math.min(piece, bytes.length - from);
            arrays.update(bytes, from, length);
            segments.update(MemorySegment.ofArray(bytes).asSlice(from, length));
        }
        assertThat(HexFormat.of().toHexDigits(arrays.value())).isEqualTo(ofArray(bytes));
        assertThat(segments.value()).isEqualTo(arrays.value());
    }

    @Test
    void everyBitCounts() {
        byte[] bytes = bytes(300);
        String whole = ofArray(bytes);
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(ofArray(bytes)).as("bit " + bit).isNotEqualTo(whole);
            bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        }
    }

    @Test
    void wordsThatChangePlacesAreNoticed() {
        byte[] bytes = bytes(128);
        byte[] swapped = bytes.clone();
        System.arraycopy(bytes, 0, swapped, 32, 8); // of the same lane
        System.arraycopy(bytes, 32, swapped, 0, 8);
        assertThat(ofArray(swapped)).isNotEqualTo(ofArray(bytes));
    }
}
