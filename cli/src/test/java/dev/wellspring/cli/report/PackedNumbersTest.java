package dev.wellspring.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PackedNumbersTest {
    private static final String DIGITS =
            "!#$%'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    @Test
    void numbersComeBackToAFourThousandthOfTheLargest() {
        double[] values = new SplittableRandom(0).doubles(500, -3, 3).toArray();
        values[17] = 0;
        values[18] = -3;
        values[19] = Double.NaN;
        double[] back = unpacked(PackedNumbers.signed(values));
        assertThat(back).hasSameSizeAs(values);
        for (int i = 0; i < values.length; i++) {
            assertThat(back[i]).isCloseTo(Double.isNaN(values[i]) ? 0 : values[i], within(3.0 / 7_900));
        }
        assertThat(back[17]).isZero();
        assertThat(back[18]).isEqualTo(-3);
    }

    @Test
    void nothingAndZerosArePackedToo() {
        assertThat(unpacked(PackedNumbers.signed(new double[0]))).isEmpty();
        assertThat(unpacked(PackedNumbers.signed(new double[3]))).containsExactly(0, 0, 0);
    }

    @Test
    void lengthsComeBackWhateverTheirSize() {
        List<Integer> lengths = List.of(0, 1, 87, 88, 89, 176, 1_000, 0);
        String packed = PackedNumbers.lengths(lengths.stream().map("x"::repeat).toList());
        List<Integer> back = new ArrayList<>();
        int length = 0;
        for (int i = 0; i < packed.length(); i++) {
            int digit = DIGITS.indexOf(packed.charAt(i));
            length += digit;
            if (digit < 88) {
                back.add(length);
                length = 0;
            }
        }
        assertThat(back).isEqualTo(lengths);
    }

    private static double[] unpacked(String packed) {
        int space = packed.indexOf(' ');
        double largest = Double.parseDouble(packed.substring(0, space));
        double[] values = new double[(packed.length() - space - 1) / 2];
        for (int i = 0; i < values.length; i++) {
            int high = DIGITS.indexOf(packed.charAt(space + 1 + 2 * i));
            int low = DIGITS.indexOf(packed.charAt(space + 2 + 2 * i));
            values[i] = (89 * high + low - 3_960) / 3_960.0 * largest;
        }
        return values;
    }
}
