package dev.wellspring.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON at the start of a safetensors file, checked.
///
/// @param metadata free text by key
/// @param entries by name, in the order of their bytes
record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> entries) {
    /// Larger headers are refused, as everywhere else.
    static final long MAX_BYTES = 100_000_000;

    private static final String METADATA = "__metadata__";

    /// @param from the first byte, counted from the end of the header
    /// @param to one past the last byte
    record Entry(String name, StoredType type, long[] shape, long from, long to) {}

    SafetensorsHeader {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /// @param json the header's bytes
    /// @param dataSize how many bytes follow it in the file
    static SafetensorsHeader parse(Path file, byte[] json, long dataSize) {
        if (!(tree(file, json) instanceof ObjectNode root)) {
            throw new CheckpointException(file + ": header: expected a JSON object; is this a safetensors file?");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                field.getValue()
                        .properties()
                        .forEach(item ->
                                metadata.put(item.getKey(), item.getValue().asText()));
            } else {
                entries.add(entry(file, field.getKey(), field.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
        requireGapless(file, entries, dataSize);
        Map<String, Entry> byName = new LinkedHashMap<>();
        entries.forEach(entry -> byName.put(entry.name(), entry));
        return new SafetensorsHeader(metadata, byName);
    }

    /// The header's bytes, padded with spaces so that the data begin at a multiple of 64 bytes.
    byte[] toBytes() {
        ObjectNode root = mapper().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode text = root.putObject(METADATA);
            metadata.forEach(text::put);
        }
        for (Entry entry : entries.values()) {
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", entry.type().name());
            Arrays.stream(entry.shape()).forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(entry.from()).add(entry.to());
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(json.length + Long.BYTES, 64) * 64 - Long.BYTES;
        byte[] bytes = Arrays.copyOf(json, padded);
        Arrays.fill(bytes, json.length, padded, (byte) ' ');
        return bytes;
    }

    private static ObjectMapper mapper() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    private static JsonNode tree(Path file, byte[] json) {
        try {
            return mapper().readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    file + ": header: expected JSON, found " + e.getOriginalMessage() + "; fetch the file again", e);
        }
    }

    private static Entry entry(Path file, String name, JsonNode node) {
        String where = file + ": tensor " + name + ": ";
        String dtype = node.path("dtype").asText();
        StoredType type = Arrays.stream(StoredType.values())
                .filter(known -> known.name().equals(dtype))
                .findFirst()
                .orElseThrow(() -> new CheckpointException(where + "expected dtype to be one of "
                        + Arrays.toString(StoredType.values()) + ", found \"" + dtype + "\""));
        long[] shape = longs(where + "shape", node.path("shape"));
        long[] offsets = longs(where + "data_offsets", node.path("data_offsets"));
        if (offsets.length != 2 || offsets[1] < offsets[0]) {
            throw new CheckpointException(where + "expected data_offsets [from, to] with from <= to, found "
                    + Arrays.toString(offsets) + "; fetch the file again");
        }
        if (byteSize(where, type, shape) != offsets[1] - offsets[0]) {
            throw new CheckpointException(where + "expected " + byteSize(where, type, shape) + " bytes for " + type
                    + Arrays.toString(shape) + ", found " + (offsets[1] - offsets[0]) + "; fetch the file again");
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    /// The size of a tensor.
    static long byteSize(String where, StoredType type, long[] shape) {
        try {
            long bytes = type.byteSize();
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new CheckpointException(
                    where + "expected a shape of at most 2^63 bytes, found " + Arrays.toString(shape), e);
        }
    }

    private static long[] longs(String where, JsonNode node) {
        long[] values = new long[node.size()];
        boolean good = node.isArray();
        for (int i = 0; good && i < values.length; i++) {
            JsonNode item = node.path(i);
            good = item.isIntegralNumber() && item.canConvertToLong() && item.longValue() >= 0;
            values[i] = item.longValue();
        }
        if (!good) {
            throw new CheckpointException(
                    where + ": expected a list of integers >= 0, found " + node + "; fetch the file again");
        }
        return values;
    }

    private static void requireGapless(Path file, List<Entry> entries, long dataSize) {
        long end = 0;
        for (Entry entry : entries) {
            if (entry.to() > dataSize) {
                throw new CheckpointException(file + ": tensor " + entry.name() + ": expected data up to byte "
                        + entry.to() + " after the header, found " + dataSize
                        + " bytes; the file is truncated, fetch it again");
            }
            if (entry.from() != end) {
                throw new CheckpointException(file + ": tensor " + entry.name() + ": expected data from byte " + end
                        + " on, found " + entry.from() + ": tensors " + (entry.from() < end ? "overlap" : "leave a gap")
                        + "; fetch the file again");
            }
            end = entry.to();
        }
        if (end != dataSize) {
            throw new CheckpointException(file + ": expected " + end + " bytes of tensors, found " + dataSize
                    + "; something was appended, fetch it again");
        }
    }
}
