package dev.wellspring.queries.token;

import java.nio.charset.StandardCharsets;

/// The alphabet of byte-level tokenizers: each of the 256 bytes as one printable character, as GPT-2 has it.
final class ByteAlphabet {
    private static final int FIRST_SPARE = 256;

    private final String characters;

    ByteAlphabet() {
        var built = new StringBuilder();
        int spare = FIRST_SPARE;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value > ' ' && value < 0x7F) || (value > 0xA0 && value != 0xAD);
            built.append((char) (printable ? value : spare++));
        }
        characters = built.toString();
    }

    /// The character of a byte, 0 to 255.
    String of(int value) {
        return characters.substring(value, value + 1);
    }

    /// A text's UTF-8 bytes in this alphabet.
    String of(String text) {
        var spelled = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            spelled.append(characters.charAt(value & 0xFF));
        }
        return spelled.toString();
    }
}
