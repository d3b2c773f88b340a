package dev.wellspring.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderConfig;
import dev.wellspring.model.Sequence;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.queries.token.Tokenizer;
import dev.wellspring.run.MemoryBudget;
import dev.wellspring.run.documents.DocumentChunk;
import dev.wellspring.run.documents.DocumentSource;
import dev.wellspring.train.Evaluation;
import dev.wellspring.train.Evaluation.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring evaluate`: how well a checkpoint predicts documents or answers queries.
@Command(
        name = "evaluate",
        header = "Measure how well a checkpoint predicts documents, or answers queries.",
        description = {
            "",
            "The loss per predicted token in nats, and the share of documents whose every predicted token was the model's"
                    + " first choice: of a prompt with a completion, whether greedy decoding writes that very completion."
                    + " A file of queries is a file of such documents.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring evaluate --model model --documents sums/queries.jsonl --by split_role",
            "  wellspring evaluate --model model --documents sums/queries.jsonl --each cells.csv"
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final int BATCH_CHUNKS = 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private Wellspring wellspring;

    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private DocumentOptions documents = new DocumentOptions();

    @Option(
            names = "--by",
            paramLabel = "FIELD",
            description = "A line for each value of this column of the documents.")
    private @Nullable String by;

    @Option(
            names = "--each",
            paramLabel = "FILE",
            description = "Write a CSV with a line for each document: id, tokens, loss, exact.")
    private @Nullable Path each;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, or json for pipes. Default: ${DEFAULT-VALUE}.")
    private ViewOption.View format = ViewOption.View.TABLE;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private RunOptions run = new RunOptions();

    /// Sums over the documents of a group.
    private static final class Group {
        private long documents;
        private long exact;
        private long tokens;
        private double loss;

        void add(Outcome outcome) {
            documents++;
            exact += outcome.exact() ? 1 : 0;
            tokens += outcome.tokens();
            loss += outcome.loss();
        }

        double lossPerToken() {
            return loss / tokens;
        }

        double exactShare() {
            return (double) exact / documents;
        }
    }

    @Override
    public Integer call() throws IOException {
        SortedMap<String, Group> groups = new TreeMap<>();
        var lines = new StringBuilder("document,tokens,loss,exact\n");
        try (RunScope scope = wellspring.open(run);
                Checkpoint checkpoint = Checkpoint.open(model.model);
                Tokenizer tokenizer = Tokenizer.open(model.model);
                Engine engine = new Engine(scope, compute)) {
            DecoderConfig config = DecoderConfig.read(checkpoint.config());
            int longest = documents.maxTokens(config) - 1;
            MemoryBudget memory = engine.budget(run, config);
            int rows = memory.batchRows(longest, count -> memory.workingBytes(config, compute.dtype, count, longest));
            try (Decoder decoder = engine.context().load(checkpoint, compute.dtype, rows)) {
                scope.progress().start("evaluate", -1, "documents");
                evaluate(new Evaluation(decoder), documents.open(tokenizer, config), scope, groups, lines);
                scope.progress().finish();
            }
        }
        if (each != null) {
            WholeFile.write(each, lines.toString());
        }
        print(groups, wellspring.terminal().out());
        return ExitStatus.DONE;
    }

    private void evaluate(
            Evaluation evaluation,
            DocumentSource source,
            RunScope scope,
            SortedMap<String, Group> groups,
            StringBuilder lines) {
        try (DocumentSource.Chunks chunks = source.open(0)) {
            while (chunks.hasNext()) {
                List<DocumentChunk> batch = new ArrayList<>();
                while (batch.size() < BATCH_CHUNKS && chunks.hasNext()) {
                    batch.add(chunks.next());
                }
                List<Sequence> sequences =
                        batch.stream().map(DocumentChunk::sequence).toList();
                List<Outcome> outcomes = evaluation.of(sequences);
                for (int i = 0; i < batch.size(); i++) {
                    add(batch.get(i), outcomes.get(i), groups, lines);
                }
                scope.progress()
                        .advance(
                                batch.size(),
                                sequences.stream().mapToLong(Sequence::rows).sum());
                scope.cancellation().check(groups.size() + " groups");
            }
        }
    }

    private void add(DocumentChunk chunk, Outcome outcome, SortedMap<String, Group> groups, StringBuilder lines) {
        groups.computeIfAbsent("all", _ -> new Group()).add(outcome);
        if (by != null) {
            groups.computeIfAbsent(by + "=" + value(chunk, by), _ -> new Group())
                    .add(outcome);
        }
        if (each != null) {
            lines.append('"').append(chunk.document().replace("\"", "\"\"")).append('"');
            lines.append(String.format(
                    Locale.ROOT, ",%d,%.9g,%d%n", outcome.tokens(), outcome.loss(), outcome.exact() ? 1 : 0));
        }
    }

    private static String value(DocumentChunk chunk, String field) {
        try {
            return JSON.readTree(chunk.extras()).path(field).asText("");
        } catch (IOException impossible) {
            throw new IllegalStateException(chunk.document() + ": " + impossible.getMessage(), impossible);
        }
    }

    private void print(SortedMap<String, Group> groups, PrintStream out) throws IOException {
        if (format == ViewOption.View.JSON) {
            ObjectNode json = JSON.createObjectNode();
            groups.forEach((name, group) -> {
                ObjectNode one = json.putObject(name);
                one.put("documents", group.documents);
                one.put("tokens", group.tokens);
                one.put("loss_per_token", group.lossPerToken());
                one.put("exact", group.exactShare());
            });
            out.println(JSON.writeValueAsString(json));
            return;
        }
        int width = groups.keySet().stream().mapToInt(String::length).max().orElse(3);
        String row = "%-" + Math.max(5, width) + "s  %9s  %10s  %10s  %7s%n";
        out.printf(Locale.ROOT, row, "group", "documents", "tokens", "loss/token", "exact");
        groups.forEach((name, group) -> out.printf(
                Locale.ROOT,
                row,
                name,
                String.format(Locale.ROOT, "%,d", group.documents),
                String.format(Locale.ROOT, "%,d", group.tokens),
                String.format(Locale.ROOT, "%.4f", group.lossPerToken()),
                String.format(Locale.ROOT, "%.1f %%", 100 * group.exactShare())));
    }
}
