package dev.wellspring.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.RecordReader;
import dev.wellspring.queries.split.Item;
import dev.wellspring.queries.split.ItemReader;
import dev.wellspring.queries.split.RuleForm;
import dev.wellspring.queries.split.Split;
import dev.wellspring.queries.split.SplitFolder;
import dev.wellspring.queries.split.SplitReport;
import dev.wellspring.queries.split.SplitRule;
import dev.wellspring.queries.task.grid.GridTask;
import dev.wellspring.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring corpus split`: divides documents or queries into a part to learn from and a part held out.
@Command(
        name = "split",
        header = "Hold out part of a corpus or query set, and say how far it is from the rest.",
        description = {
            "",
            "Writes train.jsonl and test.jsonl, which hold the records as they are; items.jsonl, which says of each"
                    + " item which part it is in, and of each held-out one how far the nearest item in training is and"
                    + " how many of its steps occur there; and split.json, which says how the split came about. Base,"
                    + " and whether a + b is b + a, follow from the task that each item names.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring corpus split sums/*.jsonl --rule square:50,50,10 --out square",
            "  wellspring corpus split plans/*.parquet --rule region:0.33 --out region",
            "  wellspring corpus split set/queries.jsonl --rule length:5 --out length",
            "  wellspring corpus split own.csv --rule squares:3 --task addition --out own"
        })
final class CorpusSplitCommand implements Callable<Integer> {
    @ParentCommand
    private CorpusCommand corpus;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Documents or queries: JSONL or CSV (also .gz, .zst), Parquet, Arrow IPC.")
    private List<Path> files = List.of();

    @Option(names = "--rule", paramLabel = "RULE", required = true, description = "What is held out; see below.")
    private String rule;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "What is drawn follows from it. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new or empty folder.")
    private Path out;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "The grid task of items that name none, or another: addition, modular-addition,"
                    + " base9-addition, linear-regression or chickens-and-rabbits.")
    private @Nullable String task;

    @Mixin
    private ViewOption view = new ViewOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    /// Has the help of the verb list the rules before its examples.
    static void showRulesInHelp(CommandLine wellspring) {
        CommandLine corpus = wellspring.getSubcommands().get("corpus");
        CommandLine split = corpus == null ? null : corpus.getSubcommands().get("split");
        if (split != null) {
            split.getHelpSectionMap()
                    .merge(
                            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
                            help -> "",
                            (usual, none) -> help -> rules(help) + usual.render(help));
        }
    }

    private static String rules(Help help) {
        Map<String, String> rules = new LinkedHashMap<>();
        for (RuleForm form : RuleForm.values()) {
            rules.put("  " + form.form(), form.meaning() + ", as " + form.example());
        }
        return "%nRules:%n".formatted() + help.createTextTable(rules);
    }

    @Override
    public Integer call() throws IOException {
        SplitRule parsed = RuleForm.parse(rule);
        var reader = new ItemReader(task());
        requireEmpty();
        Corpus from = Corpus.of(files);
        try (RunScope scope = corpus.open(progress)) {
            Progress display = scope.progress();
            List<Item> items = items(from, reader, display);
            Split split = Split.of(parsed, seed, items);
            display.start("measure", split.test().size(), "items");
            SplitReport report = SplitReport.of(split, items, () -> display.advance(1, 0));
            display.finish();
            display.start("write", items.size(), "records");
            ObjectNode about = new SplitFolder(out).write(from, split, report, () -> display.advance(1, 0));
            display.finish();
            view.show(corpus.out(), () -> new SplitTable(corpus.out()).print(out, split, report), () -> about);
        }
        return ExitStatus.DONE;
    }

    /// Other files in a folder would be taken for part of what is written into it.
    private void requireEmpty() throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new BadInputException("--out: expected a new or empty folder, got the file " + out);
        }
        if (Files.isDirectory(out)) {
            try (Stream<Path> there = Files.list(out)) {
                if (there.findAny().isPresent()) {
                    throw new BadInputException(
                            "--out: expected a new or empty folder, got " + out + " with files; choose another");
                }
            }
        }
    }

    private static List<Item> items(Corpus from, ItemReader reader, Progress display) {
        List<Item> items = new ArrayList<>();
        display.start("read", -1, "records");
        try (RecordReader records = from.records()) {
            while (records.hasNext()) {
                items.add(reader.read(records.next()));
                display.advance(1, 0);
            }
        }
        display.finish();
        return items;
    }

    private @Nullable GridTask task() {
        if (task == null) {
            return null;
        }
        return Arrays.stream(GridTask.values())
                .filter(one -> one.text().equals(task))
                .findFirst()
                .orElseThrow(() -> new BadInputException("--task: expected "
                        + Arrays.stream(GridTask.values()).map(GridTask::text).collect(Collectors.joining(", "))
                        + ", got '" + task + "'"));
    }
}
