package dev.wellspring.cli;

import dev.wellspring.queries.synthesis.CorpusFormat;
import dev.wellspring.queries.synthesis.CorpusManifest;
import dev.wellspring.queries.synthesis.CorpusShards;
import dev.wellspring.queries.synthesis.DocumentFamilies;
import dev.wellspring.queries.synthesis.DocumentFamily;
import dev.wellspring.queries.synthesis.Documents;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `wellspring corpus make`: writes a corpus.
@Command(
        name = "make",
        header = "Write a corpus.",
        description = {
            "",
            "Documents are made by index and written one after the other, so any number fits in memory. Where a family"
                    + " has fewer than asked for, they repeat in another order, with other ids.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wellspring corpus make grid-cases --param task=base9-addition --out corpora/base9",
            "  wellspring corpus make mixed --documents 10000000 --format jsonl.zst --shards 16 --out corpora/mixed"
        })
final class CorpusMakeCommand implements Callable<Integer> {
    private static final int MAX_SHARDS = 99_999;

    @ParentCommand
    private CorpusCommand corpus;

    @Parameters(paramLabel = "NAME", description = "A family that 'wellspring corpus list' names.")
    private String name;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many. Default: all there are, or as many as 'list' says where there is no end.")
    private long documents;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new or empty folder.")
    private Path out;

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "A parameter that 'wellspring corpus describe' names; may be repeated.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "jsonl, jsonl.zst or parquet. Default: ${DEFAULT-VALUE}.")
    private String format = "jsonl";

    @Option(names = "--shards", paramLabel = "N", defaultValue = "1", description = "Files. Default: ${DEFAULT-VALUE}.")
    private int shards = 1;

    @Override
    public Integer call() throws IOException {
        DocumentFamily family = DocumentFamilies.named(name);
        var values = family.describe().parameters(parameters);
        Documents made = family.documents(seed, values);
        long count = count(family, made);
        CorpusFormat as = format();
        if (shards < 1 || shards > Math.min(count, MAX_SHARDS)) {
            throw new BadInputException("--shards: expected 1 to " + Math.min(count, MAX_SHARDS) + ", got " + shards);
        }
        CorpusCommand.requireEmpty(out);
        Files.createDirectories(out);
        var files = new CorpusShards(made, count, shards, as, out);
        List<CorpusShards.Shard> written = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            written.add(files.write(shard));
        }
        var manifest = new CorpusManifest(family.name(), seed, values, written);
        manifest.write(out);
        corpus.out().println(count + " documents in " + out + ", digest " + manifest.digest());
        return ExitStatus.DONE;
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
