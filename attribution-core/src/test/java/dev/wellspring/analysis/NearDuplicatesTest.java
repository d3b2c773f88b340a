package dev.wellspring.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    private static final String TEXT = "the slope of a line through two points is the rise over the run of these points"
            + " which one computes as y2 minus y1 over x2 minus x1 and then reduces";

    @Test
    void textsThatDifferAtTheirEndsAreOneGroup() {
        assertThat(NearDuplicates.groups(List.of(
                        "something else entirely is written here",
                        TEXT,
                        "Something else, entirely, is written HERE!",
                        TEXT + " it",
                        "",
                        "of " + TEXT,
                        "short",
                        "short",
                        "")))
                .containsExactly(new int[] {0, 2}, new int[] {1, 3, 5}, new int[] {6, 7});
    }

    @Test
    void aWordChangedInTheMiddleOfAShortTextIsAnotherText() {
        assertThat(NearDuplicates.groups(List.of(TEXT, TEXT.replace("rise", "fall"))))
                .isEmpty();
    }

    /// Texts of few words, some copied with a word appended or taken away: every pair that alike says is alike
    /// is in one group, and groups hold nothing else.
    @Test
    void noPairIsMissed() {
        var random = new SplittableRandom(1);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            String text = String.join(
                    " ", random.ints(12 + i % 9, 0, 6).mapToObj(w -> "w" + w).toList());
            texts.add(text);
            texts.add(i % 2 == 0 ? text + " w" + i : text.substring(3));
        }
        int[] group = IntStream.range(0, texts.size()).toArray();
        for (int i = 0; i < group.length; i++) {
            for (int j = 0; j < i; j++) {
                if (NearDuplicates.alike(
                        NearDuplicates.shingles(texts.get(i)), NearDuplicates.shingles(texts.get(j)))) {
                    int from = group[i];
                    int to = group[j];
                    for (int k = 0; k < group.length; k++) {
                        group[k] = group[k] == from ? to : group[k];
                    }
                }
            }
        }
        List<int[]> found = NearDuplicates.groups(texts);
        assertThat(found).hasSizeGreaterThan(100);
        for (int[] members : found) {
            int one = group[members[0]];
            assertThat(members)
                    .isEqualTo(IntStream.range(0, group.length)
                            .filter(k -> group[k] == one)
                            .toArray());
        }
        long together = IntStream.range(0, group.length)
                .filter(i -> IntStream.range(0, group.length).anyMatch(j -> j != i && group[j] == group[i]))
                .count();
        assertThat(found.stream().mapToInt(members -> members.length).sum()).isEqualTo(together);
    }
}
