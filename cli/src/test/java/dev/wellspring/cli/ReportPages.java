package dev.wellspring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A report's file, read without a browser.
///
/// @param text of the whole file
/// @param data the text of each data element, by its id
/// @param scripts the texts of the others
record ReportPages(String text, Map<String, String> data, List<String> scripts) {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"([\\w-]+)\">([^<]*)</script>");
    private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);

    static ReportPages read(Path file) {
        try {
            // Throws where the bytes are no UTF-8.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            Map<String, String> data = new LinkedHashMap<>();
            DATA.matcher(text).results().forEach(found -> data.put(found.group(1), found.group(2)));
            String others = DATA.matcher(text).replaceAll("");
            return new ReportPages(
                    text,
                    data,
                    SCRIPT.matcher(others)
                            .results()
                            .map(found -> found.group(1))
                            .toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// What one data element says.
    JsonNode json(String id) {
        try {
            return new ObjectMapper().readTree(data.getOrDefault(id, ""));
        } catch (IOException broken) {
            throw new UncheckedIOException(id, broken);
        }
    }
}
