package dev.wellspring.queries.synthesis.prose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "stop, stops, stopped, stopping",
        "carry, carries, carried, carrying",
        "play, plays, played, playing",
        "hope, hopes, hoped, hoping",
        "hop, hops, hopped, hopping",
        "mix, mixes, mixed, mixing",
        "row, rows, rowed, rowing",
        "cook, cooks, cooked, cooking",
        "wash, washes, washed, washing",
        "agree, agrees, agreed, agreeing",
        "dye, dyes, dyed, dyeing",
        "tie, ties, tied, tying",
        "visit, visits, visited, visiting",
        "wait_for, waits for, waited for, waiting for"
    })
    void regularVerbsHaveTheirForms(String entry, String third, String past, String gerund) {
        Verb verb = Verb.of(entry);
        assertThat(verb).isEqualTo(new Verb(entry.replace('_', ' '), third, past, past, gerund));
    }

    @Test
    void irregularFormsAreTaken() {
        assertThat(Verb.of("break/broke/broken")).isEqualTo(new Verb("break", "breaks", "broke", "broken", "breaking"));
        assertThat(Verb.of("dig_up/dug_up/dug_up"))
                .isEqualTo(new Verb("dig up", "digs up", "dug up", "dug up", "digging up"));
        assertThat(Noun.of("loaf/loaves")).isEqualTo(new Noun("loaf", "loaves"));
    }

    @ParameterizedTest
    @CsvSource({"box, boxes", "torch, torches", "berry, berries", "tray, trays", "rowing_boat, rowing boats"})
    void regularNounsHaveTheirPlural(String entry, String plural) {
        assertThat(Noun.of(entry).many()).isEqualTo(plural);
    }

    @ParameterizedTest
    @CsvSource({"old, older", "pale, paler", "big, bigger", "muddy, muddier", "worn, more worn", "curious, more curious"
    })
    void adjectivesAreCompared(String adjective, String comparative) {
        assertThat(Spelling.comparative(adjective)).isEqualTo(comparative);
    }

    @ParameterizedTest
    @CsvSource({"umbrella, an", "useless, a", "hourglass, an", "wheel, a", "oven, an"})
    void articlesGoByTheSound(String word, String article) {
        assertThat(Spelling.article(word)).isEqualTo(article);
    }
}
