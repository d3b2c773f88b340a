package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.CorpusFormat;
import dev.wellspring.queries.synthesis.CorpusManifest;
import dev.wellspring.queries.synthesis.CorpusShards;
import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.synthesis.Documents;
import dev.wellspring.run.Manifest;
import dev.wellspring.run.RunFolder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// `wellspring corpus make`: writes a corpus.
@Command(
        name = "make",
        header = "Write a corpus.",
        description = {
            "",
            "Documents are made by index and written one after the other, so any number fits in memory. Where a family"
                    + " has fewer than asked for, they repeat in another order, with other ids. The bytes do not depend"
                    + " on the threads. Started again after a stop, it goes on with the files that are missing.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring corpus make facts --param table=real --out corpora/facts",
            "  wellspring corpus make grid-cases --param task=base9-addition --out corpora/base9",
            "  wellspring corpus make mixed --documents 10000000 --format jsonl.zst \\",
            "    --out corpora/mixed"
        })
final class CorpusMakeCommand implements Callable<Integer> {
    private static final int MAX_SHARDS = 99_999;
    private static final int USUAL = -1;
    private static final int USUAL_SHARD = 1_000_000;

    @ParentCommand
    private CorpusCommand corpus;

    @Mixin
    private FamilyOptions options = new FamilyOptions();

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many. Default: all there are, or as many as 'list' says where there is no end.")
    private long documents;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "jsonl, jsonl.zst or parquet. Default: ${DEFAULT-VALUE}.")
    private String format = "jsonl";

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Files, which are written at the same time. Default: one for a million documents.")
    private int shards = USUAL;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Override
    public Integer call() {
        DocumentFamily family = DocumentFamilies.named(options.name);
        var values = family.describe().parameters(options.parameters);
        Documents made = family.documents(options.seed, values);
        long count = count(family, made);
        var files = new CorpusShards(made, count, shards(count), format(), options.out);
        try (RunScope scope = corpus.open(progress);
                RunFolder folder = RunFolder.open(options.out, wanted(files, values.values()))) {
            if (count > made.distinct()) {
                scope.progress().note(repeated(made.distinct()));
            }
            var manifest = new CorpusManifest(
                    family.name(), options.seed, values, new CorpusWriting(files, folder, scope).run(threads.count()));
            folder.write(CorpusManifest.FILE, manifest.json().getBytes(StandardCharsets.UTF_8));
            folder.complete();
            corpus.out().println(count + " documents in " + options.out + ", digest " + manifest.digest());
        }
        return ExitStatus.DONE;
    }

    /// What decides the bytes.
    private Manifest wanted(CorpusShards files, Map<String, String> parameters) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("family", options.name);
        settings.put("seed", Long.toString(options.seed));
        settings.put("documents", Long.toString(files.count()));
        settings.put("format", format);
        settings.put("shards", Integer.toString(files.shards()));
        parameters.forEach((name, value) -> settings.put("param " + name, value));
        return Manifest.of("corpus", Version.text(), Map.of(), settings);
    }

    private static String repeated(long distinct) {
        return "after " + distinct
                + " documents some come again with other ids, so facts stand in more of them than they"
                + " say; ask for fewer documents, or with --param for more that differ";
    }

    private long count(DocumentFamily family, Documents made) {
        if (documents < 0) {
            throw new BadInputException("--documents: expected at least 1, got " + documents);
        }
        if (documents > 0) {
            return documents;
        }
        return made.distinct() == Long.MAX_VALUE ? family.describe().count() : made.distinct();
    }

    private int shards(long count) {
        long most = Math.min(count, MAX_SHARDS);
        if (shards == USUAL) {
            return (int) Math.min(Math.ceilDiv(count, USUAL_SHARD), MAX_SHARDS);
        }
        if (shards < 1 || shards > most) {
            throw new BadInputException("--shards: expected 1 to " + most + ", got " + shards);
        }
        return shards;
    }

    private CorpusFormat format() {
        return Arrays.stream(CorpusFormat.values())
                .filter(one -> one.extension().equals(format))
                .findFirst()
                .orElseThrow(() -> new BadInputException("--format: expected "
                        + Arrays.stream(CorpusFormat.values())
                                .map(CorpusFormat::extension)
                                .collect(Collectors.joining(", "))
                        + ", got '" + format + "'"));
    }
}
