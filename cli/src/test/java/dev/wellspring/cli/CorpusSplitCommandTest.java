package dev.wellspring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.queries.split.RuleForm;
import dev.wellspring.queries.split.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorpusSplitCommandTest {
    @TempDir
    private Path folder;

    private Commands.Answer split(Object... arguments) {
        return Commands.run(Stream.concat(Stream.of("corpus", "split"), Stream.of(arguments))
                .toArray());
    }

    private Path sums() {
        Path sums = folder.resolve("sums");
        Commands.succeed("corpus", "make", "grid-cases", "--format", "jsonl.zst", "--out", sums);
        return sums.resolve("documents-00000-of-00001.jsonl.zst");
    }

    @Test
    void aCorpusIsSplitAndItsDistancesAreShown() throws IOException {
        Path out = folder.resolve("square");
        Commands.Answer answer = split(sums(), "--rule", "square:50,50,10", "--seed", "3", "--out", out);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out())
                .startsWith("square:50,50,10, seed 3: 10,000 items in " + out)
                .containsPattern("train +9,559 +95.6 %")
                .containsPattern("test +441 +4.4 %")
                .contains("441 test items: the larger difference of a and b in addition, where (b, a) is the same")
                .containsPattern(" 1 +80  #+")
                .containsPattern(" 11 +1  #\\R")
                .contains("fully covered: 41 of 441 (9.3 %)");
        assertThat(Split.read(out).digest()).isSubstringOf(answer.out());
        assertThat(Files.readAllLines(out.resolve("train.jsonl"))).hasSize(9559);
        assertThat(Files.readAllLines(out.resolve("test.jsonl"))).hasSize(441);
        assertThat(Files.readAllLines(out.resolve("items.jsonl"))).hasSize(10_000);
    }

    @Test
    void aSplitIsJsonForPipes() throws IOException {
        Path out = folder.resolve("square");
        Commands.Answer answer = split(sums(), "--rule", "stripe:40-60,21", "--out", out, "--format", "json");
        JsonNode about = new ObjectMapper().readTree(answer.out());
        assertThat(about)
                .isEqualTo(new ObjectMapper().readTree(out.resolve("split.json").toFile()));
        assertThat(about.at("/counts/test").asInt()).isEqualTo(441);
        assertThat(about.at("/parameters/columns")).hasSize(21);
    }

    @Test
    void whatIsLearntFromCanBeAskedAbout() {
        Path out = folder.resolve("random");
        assertThat(split(sums(), "--rule", "random:0.7", "--out", out).status()).isZero();
        Path tokens = folder.resolve("tokens");
        Commands.succeed("corpus", "tokenizer", out.resolve("train.jsonl"), "--vocabulary", "300", "--out", tokens);
        assertThat(tokens.resolve("tokenizer.json")).isNotEmptyFile();
    }

    @Test
    void queriesAreSplitAndStayAQuerySet() throws IOException {
        Path set = folder.resolve("set");
        Commands.succeed("queries", "make", "length-ladder", "--param", "per-length=10", "--out", set);
        Path out = folder.resolve("length");
        Commands.Answer answer = split(set.resolve("queries.jsonl"), "--rule", "length:5", "--out", out);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.out()).contains("100 test items: the difference of lengths in length-ladder, in digits");
        List<String> lines = Files.readAllLines(set.resolve("queries.jsonl"));
        assertThat(Files.readAllLines(out.resolve("train.jsonl"))).isEqualTo(lines.subList(0, lines.size() - 100));
        assertThat(Files.readAllLines(out.resolve("test.jsonl")))
                .isEqualTo(lines.subList(lines.size() - 100, lines.size()));
        assertThat(Commands.succeed("queries", "check", out.resolve("test.jsonl")))
                .contains("100 queries, 0 problems");
    }

    @Test
    void onesOwnProblemsAreOnTheGridThatOneNames() throws IOException {
        Path own = Files.writeString(folder.resolve("own.csv"), """
                text,a,b
                1+2=3,1,2
                2+1=3,2,1
                5+7=12,5,7
                """);
        Commands.Answer refused = split(own, "--rule", "square:1,2,0", "--out", folder.resolve("out"));
        assertThat(refused.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(refused.err()).contains("--task names one");
        Commands.Answer done =
                split(own, "--rule", "square:1,2,0", "--task", "addition", "--out", folder.resolve("out"));
        assertThat(done.status()).as(done.err()).isZero();
        assertThat(Files.readString(folder.resolve("out/items.jsonl")))
                .contains("\"id\":\"own.csv:2\",\"part\":\"test\",\"metric\":\"grid\",\"distance\":0")
                .contains("\"nearest\":\"own.csv:3\",\"ties\":1");
    }

    @Test
    void helpListsEveryRuleWithAnExample() {
        String help = Commands.succeed("corpus", "split", "--help").replaceAll("\\s+", "");
        for (RuleForm form : RuleForm.values()) {
            assertThat(help)
                    .contains(form.form(), form.example(), form.meaning().replaceAll("\\s+", ""));
        }
        assertThat(Commands.succeed("corpus", "--help")).contains("wellspring corpus split");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rule | squre:50,50,10 | rule squre:50,50,10: expected one of random:SHARE, square:A,B,R, squares:A,B,R;A,B,R",
                "--rule | square:50,50 | expected square:A,B,R, found \"50,50\"; write it like square:50,50,10",
                "--rule | skin:mystery | expected items with a skin, found none among 10000 items",
                "--rule | band:500-600 | expected some items to learn from and some held out, found 10000 and 0",
                "--task | chess | --task: expected addition, modular-addition, base9-addition, linear-regression",
                "--format | xml | expected table, json, got 'xml'",
                "--out | . | --out: expected a new or empty folder"
            })
    void badArgumentsAreOneLineAndNothingIsWritten(String option, String value, String message) {
        Path file = sums();
        Path out = folder.resolve("out");
        boolean rule = option.equals("--rule");
        boolean there = option.equals("--out");
        Commands.Answer answer = split(
                file,
                "--rule",
                rule ? value : "square:50,50,10",
                "--out",
                there ? folder : out,
                rule || there ? "--seed" : option,
                rule || there ? "0" : value);
        assertThat(answer.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.complaints()).hasSize(1).first().asString().contains(message);
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("out.part")).doesNotExist();
    }

    @Test
    void aFileWhereTheFolderShouldBeIsLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("there"), "mine");
        Commands.Answer answer = split(sums(), "--rule", "random:0.7", "--out", file);
        assertThat(answer.status()).isEqualTo(ExitStatus.BAD_INPUT);
        assertThat(answer.err()).contains("expected a new or empty folder, got the file");
        assertThat(file).hasContent("mine");
    }

    @Test
    void anEmptyFolderIsFilled() throws IOException {
        Path out = Files.createDirectories(folder.resolve("empty"));
        assertThat(split(sums(), "--rule", "random:0.7", "--out", out).status()).isZero();
        assertThat(out.resolve("split.json")).isNotEmptyFile();
    }
}
