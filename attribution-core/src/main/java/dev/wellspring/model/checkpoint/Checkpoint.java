package dev.wellspring.model.checkpoint;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A model in Hugging Face form, mapped: `config.json`, and `model.safetensors` or the shards that
/// `model.safetensors.index.json` names.
public final class Checkpoint implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path folder;
    private final ConfigFile config;
    private final List<SafetensorsFile> files;
    private final Map<String, SafetensorsFile> homes;
    private @Nullable String digest;

    private Checkpoint(Path folder, ConfigFile config, List<SafetensorsFile> files) {
        this.folder = folder;
        this.config = config;
        this.files = files;
        Map<String, SafetensorsFile> homes = new LinkedHashMap<>();
        files.forEach(file -> file.names().forEach(name -> homes.put(name, file)));
        this.homes = Collections.unmodifiableMap(homes);
    }

    /// Opens a folder; reads the headers only.
    ///
    /// @throws CheckpointException when a file is missing or wrong, naming it
    /// @throws IOException when reading fails
    public static Checkpoint open(Path folder) throws IOException {
        ConfigFile config = ConfigFile.read(folder.resolve(CONFIG));
        List<SafetensorsFile> files = new ArrayList<>();
        try {
            if (Files.exists(folder.resolve(SINGLE))) {
                files.add(SafetensorsFile.open(folder.resolve(SINGLE)));
                return new Checkpoint(folder, config, files);
            }
            openShards(folder, files);
            return new Checkpoint(folder, config, files);
        } catch (IOException | RuntimeException e) {
            files.forEach(SafetensorsFile::close);
            throw e;
        }
    }

    /// The folder it was read from.
    public Path folder() {
        return folder;
    }

    /// `config.json`.
    public ConfigFile config() {
        return config;
    }

    /// The names of all tensors.
    public Set<String> names() {
        return homes.keySet();
    }

    /// Whether there is a tensor of that name.
    public boolean has(String name) {
        return homes.containsKey(name);
    }

    /// One tensor, as it is stored.
    ///
    /// @throws CheckpointException when there is none of that name
    public StoredTensor tensor(String name) {
        SafetensorsFile home = homes.get(name);
        if (home == null) {
            throw new CheckpointException(folder + ": expected a tensor " + name + ", found none among "
                    + names().size() + "; config.json and the weights must belong together");
        }
        return home.tensor(name);
    }

    /// Converts one tensor straight from the mapping into a backend's memory.
    ///
    /// @param target of the stored shape, any strides
    /// @throws CheckpointException when it is missing, has another shape, or holds NaN or infinity
    public void load(String name, LinearAlgebra algebra, Tensor target) {
        tensor(name).require(target.shape()).requireFinite().upload(algebra, target);
    }

    /// SHA-256 over `config.json` and the tensor files, each with its name and size, as 64 hexadecimal digits.
    /// The first call reads every byte; later ones remember.
    public String digest() throws IOException {
        if (digest == null) {
            digest = computeDigest();
        }
        return digest;
    }

    private String computeDigest() throws IOException {
        MessageDigest sha = sha256();
        addFile(sha, config.path());
        for (SafetensorsFile file : files) {
            addFile(sha, file.path());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }

    private static void openShards(Path folder, List<SafetensorsFile> files) throws IOException {
        Path index = folder.resolve(INDEX);
        if (!Files.exists(index)) {
            throw new CheckpointException(folder + ": expected " + SINGLE + " or " + INDEX
                    + ", found neither; other formats must be converted to safetensors first");
        }
        ConfigFile places = ConfigFile.read(index).object("weight_map");
        Set<String> shards = new TreeSet<>();
        places.fields().forEach(name -> shards.add(places.text(name)));
        for (String shard : shards) {
            Path path = folder.resolve(shard);
            if (!Files.isRegularFile(path)) {
                throw new CheckpointException(
                        index + ": expected the shard " + shard + " beside it, found none; fetch it");
            }
            files.add(SafetensorsFile.open(path));
        }
        for (String name : places.fields()) {
            boolean there = files.stream()
                    .anyMatch(file -> file.path().equals(folder.resolve(places.text(name)))
                            && file.names().contains(name));
            if (!there) {
                throw new CheckpointException(index + ": expected tensor " + name + " in " + places.text(name)
                        + ", found none; fetch the checkpoint again");
            }
        }
    }

    private static void addFile(MessageDigest sha, Path path) throws IOException {
        String head = path.getFileName() + "\n" + Files.size(path) + "\n";
        sha.update(head.getBytes(StandardCharsets.UTF_8));
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), sha)) {
            byte[] buffer = new byte[1 << 20];
            for (int count = 0; count >= 0; ) {
                count = in.read(buffer);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
