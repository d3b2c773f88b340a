package dev.wellspring.linalg.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The kernels' texts: `kernels.cu`, which includes the others, and those by the names it includes them by.
/// They lie as resources beside this class, and are compiled as one program.
///
/// @param main the text of `kernels.cu`
/// @param included texts by name, in the order in which they are first included
record KernelSources(String main, Map<String, String> included) {
    static final String MAIN = "kernels.cu";

    private static final Pattern INCLUDE = Pattern.compile("^\\s*#\\s*include\\s+\"([^\"]+)\"", Pattern.MULTILINE);

    /// Those that came with this program.
    static KernelSources ofResources() {
        return of(KernelSources::resource);
    }

    /// Follows the includes, wherever the texts come from.
    static KernelSources of(UnaryOperator<String> textByName) {
        String main = textByName.apply(MAIN);
        Map<String, String> included = new LinkedHashMap<>();
        follow(main, textByName, included);
        return new KernelSources(main, included);
    }

    private static void follow(String text, UnaryOperator<String> textByName, Map<String, String> included) {
        Matcher matcher = INCLUDE.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!included.containsKey(name)) {
                String found = textByName.apply(name);
                included.put(name, found);
                follow(found, textByName, included);
            }
        }
    }

    private static String resource(String name) {
        try (InputStream bytes = KernelSources.class.getResourceAsStream(name)) {
            if (bytes == null) {
                throw new IllegalStateException("kernels: expected the resource " + name + " beside "
                        + KernelSources.class.getName() + ", found none");
            }
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("kernels: " + name + ": " + failure.getMessage(), failure);
        }
    }

    /// A digest of all texts; whoever compiles adds what else decides the outcome, and ends it.
    MessageDigest digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, main);
            included.forEach((name, text) -> {
                add(digest, name);
                add(digest, text);
            });
            return digest;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /// With its length before it, so that no two lists of texts are alike.
    static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }
}
