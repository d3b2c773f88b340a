package dev.wellspring.linalg.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelSourcesTest {
    private final Map<String, String> texts = new HashMap<>(Map.of(
            "kernels.cu", "// all\n#include \"a.cu\"\n  # include \"b.cu\"\n",
            "a.cu", "#include \"view.cuh\"\n__global__ void a() {}\n",
            "b.cu", "#include \"view.cuh\"\n#include \"a.cu\"\n",
            "view.cuh", "#pragma once\n"));

    @Test
    void whatTheMainTextIncludesIsFollowedOnce() {
        KernelSources sources = KernelSources.of(texts::get);
        assertThat(sources.main()).startsWith("// all");
        assertThat(sources.included().keySet()).containsExactly("a.cu", "view.cuh", "b.cu");
        assertThat(sources.included()).containsEntry("view.cuh", "#pragma once\n");
    }

    @Test
    void theDigestChangesWithAnyText() {
        String before = digest();
        assertThat(digest()).isEqualTo(before);
        for (String name : texts.keySet().toArray(String[]::new)) {
            String text = texts.get(name);
            texts.put(name, text + " ");
            assertThat(digest()).as(name).isNotEqualTo(before);
            texts.put(name, text);
        }
    }

    private String digest() {
        return HexFormat.of().formatHex(KernelSources.of(texts::get).digest().digest());
    }
}
