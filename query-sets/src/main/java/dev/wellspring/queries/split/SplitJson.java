package dev.wellspring.queries.split;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.corpus.Corpus;
import dev.wellspring.queries.corpus.CorpusException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/// A split as JSON: the schema of docs/reference/corpora.md.
final class SplitJson {
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SplitJson() {}

    /// What is read back of `split.json`.
    record About(SplitRule rule, long seed, Map<String, Object> parameters, int untouched, String digest) {}

    /// `split.json`.
    static ObjectNode about(Corpus corpus, Split split, SplitReport report) {
        ObjectNode about = JSON.createObjectNode();
        about.put("version", VERSION);
        about.put("rule", split.rule().text());
        about.put("seed", split.seed());
        about.set("parameters", JSON.valueToTree(split.parameters()));
        about.putObject("counts")
                .put("items", split.train().size() + split.test().size())
                .put("train", split.train().size())
                .put("test", split.test().size())
                .put("untouched", split.untouched());
        about.put("digest", split.digest());
        ArrayNode inputs = about.putArray("inputs");
        corpus.digests()
                .forEach((file, digest) -> inputs.addObject().put("file", file).put("sha256", digest));
        ArrayNode kinds = about.putArray("distances");
        report.distances().forEach(kind -> distances(kinds.addObject(), kind));
        SplitReport.Coverage coverage = report.coverage();
        about.putObject("coverage")
                .put("items", coverage.items())
                .put("covered", coverage.covered())
                .put("steps", coverage.steps())
                .put("steps_seen", coverage.seen());
        share(about.putObject("renamed"), report.renamed());
        share(about.putObject("in_other_skins"), report.inOtherSkins());
        share(about.putObject("about_same_fact"), report.aboutSameFact());
        return about;
    }

    private static void share(ObjectNode object, SplitReport.Share share) {
        object.put("items", share.items()).put("found", share.found());
    }

    private static void distances(ObjectNode object, SplitReport.Distances kind) {
        object.put("metric", kind.metric().name());
        object.put("meaning", kind.metric().meaning());
        object.put("items", kind.items());
        object.put("measured", kind.measured());
        ArrayNode counts = object.putArray("counts");
        kind.counts()
                .forEach((distance, items) ->
                        counts.addObject().put("distance", distance).put("items", items));
    }

    /// `items.jsonl`: training first, as the digest has them.
    static void writeItems(Path file, Split split, SplitReport report) throws IOException {
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (String id : split.train()) {
                line(lines, JSON.createObjectNode().put("id", id).put("part", "train"));
            }
            for (SplitReport.HeldOut item : report.items()) {
                line(lines, heldOut(item));
            }
        }
    }

    private static ObjectNode heldOut(SplitReport.HeldOut item) {
        Nearest nearest = item.nearest();
        return JSON.createObjectNode()
                .put("id", item.id())
                .put("part", "test")
                .put("metric", item.metric().name())
                .put("distance", nearest == null ? null : (Long) nearest.distance())
                .put("nearest", nearest == null ? null : nearest.id())
                .put("ties", nearest == null ? null : (Integer) nearest.ties())
                .put("renamed", nearest == null ? null : nearest.renamed())
                .put("other_skins", item.otherSkins())
                .put("same_fact", item.sameFact())
                .put("steps", item.steps())
                .put("steps_seen", item.stepsSeen());
    }

    private static void line(BufferedWriter lines, ObjectNode object) throws IOException {
        lines.write(object.toString());
        lines.write('\n');
    }

    /// @throws CorpusException if the file is missing or does not say what a split is
    static About readAbout(Path file) {
        try {
            JsonNode about = JSON.readTree(Files.readString(file));
            int version = about.path("version").asInt();
            if (version != VERSION) {
                throw CorpusException.at(
                        file + ":version",
                        Integer.toString(VERSION),
                        about.path("version").toString(),
                        "split again");
            }
            return new About(
                    RuleForm.parse(about.path("rule").asText()),
                    about.path("seed").asLong(),
                    JSON.convertValue(about.path("parameters"), new TypeReference<Map<String, Object>>() {}),
                    about.path("counts").path("untouched").asInt(),
                    about.path("digest").asText());
        } catch (JsonProcessingException e) {
            throw CorpusException.at(
                    file.toString(), "what 'corpus split' writes", e.getOriginalMessage(), "split again", e);
        } catch (NoSuchFileException e) {
            throw CorpusException.at(file.toString(), "a split", "none", "check the folder", e);
        } catch (IOException e) {
            throw CorpusException.unreadable(file.toString(), e);
        }
    }
}
