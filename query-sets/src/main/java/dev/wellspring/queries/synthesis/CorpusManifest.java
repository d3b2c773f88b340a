package dev.wellspring.queries.synthesis;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wellspring.queries.task.Parameters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// What a corpus was made from, and what came out: enough to make it again and to see that it is the same.
///
/// @param family that made it
/// @param seed of all randomness
/// @param parameters all of them
/// @param shards in order
public record CorpusManifest(String family, long seed, Parameters parameters, List<CorpusShards.Shard> shards) {
    /// The name of its file, beside the shards.
    public static final String FILE = "corpus.json";

    private static final int VERSION = 1;

    /// Copies the list.
    public CorpusManifest {
        shards = List.copyOf(shards);
    }

    /// How many documents there are.
    public long documents() {
        return shards.stream().mapToLong(CorpusShards.Shard::documents).sum();
    }

    /// How many documents there are of each role.
    public Map<Role, Long> roles() {
        Map<Role, Long> roles = new EnumMap<>(Role.class);
        shards.forEach(shard -> shard.roles().forEach((role, count) -> roles.merge(role, count, Long::sum)));
        return roles;
    }

    /// SHA-256 over the shards' digests, in order: the same for every file format.
    ///
    /// @return 64 hexadecimal digits
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            shards.forEach(shard -> digest.update(shard.sha256().getBytes(StandardCharsets.US_ASCII)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// As JSON, indented.
    public String json() {
        var mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode json = mapper.createObjectNode();
        json.put("name", family).put("version", VERSION).put("seed", seed);
        ObjectNode values = json.putObject("parameters");
        parameters.values().forEach(values::put);
        json.put("documents", documents());
        ObjectNode counts = json.putObject("roles");
        roles().forEach((role, count) -> counts.put(role.label(), count));
        json.put("digest", digest());
        var files = json.putArray("shards");
        for (CorpusShards.Shard shard : shards) {
            files.addObject()
                    .put("file", shard.file())
                    .put("documents", shard.documents())
                    .put("sha256", shard.sha256());
        }
        return json.toPrettyString() + "\n";
    }
}
