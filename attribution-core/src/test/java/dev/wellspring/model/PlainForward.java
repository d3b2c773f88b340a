package dev.wellspring.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wellspring.model.checkpoint.Checkpoint;
import dev.wellspring.model.checkpoint.StoredTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// A second opinion: the forward pass of some families as explicit loops over one sequence, one method per
/// family, written from the modelling code of each and from nothing in the decoder. Reads config.json by
/// itself. Long, because whatever it shared with the decoder it could not check.
final class PlainForward {
    private final Checkpoint checkpoint;
    private final JsonNode config;
    private final String family;
    private final int hidden;
    private final int heads;
    private final int keyHeads;
    private final int size;

    PlainForward(Checkpoint checkpoint) throws IOException {
        this.checkpoint = checkpoint;
        config = new ObjectMapper()
                .readTree(checkpoint.folder().resolve("config.json").toFile());
        family = config.get("model_type").asText();
        hidden = config.get("hidden_size").asInt();
        heads = config.get("num_attention_heads").asInt();
        keyHeads = config.path("num_key_value_heads").asInt(heads);
        size = config.path("head_dim").asInt(hidden / heads);
    }

    /// (tokens, vocabulary).
    double[][] logits(int[] tokens) {
        boolean neox = family.equals("gpt_neox");
        String embedding = neox ? "gpt_neox.embed_in" : "model.embed_tokens";
        double[][] table = matrix(embedding + ".weight");
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = table[tokens[t]].clone();
            if (family.equals("gemma2")) {
                for (int i = 0; i < hidden; i++) {
                    x[t][i] *= Math.sqrt(hidden);
                }
            }
        }
        for (int layer = 0; layer < config.get("num_hidden_layers").asInt(); layer++) {
            x = switch (family) {
                case "gemma2" -> gemma2(x, layer);
                case "phi3" -> phi3(x, layer);
                case "gpt_neox" -> neox(x, layer);
                case "cohere" -> cohere(x, layer);
                case "llama", "mistral", "qwen2" -> llama(x, layer);
                default -> throw new IllegalArgumentException(family);
            };
        }
        x = norm(x, neox ? "gpt_neox.final_layer_norm" : "model.norm");
        boolean tied = config.path("tie_word_embeddings").asBoolean(false);
        double[][] head = tied ? table : matrix(neox ? "embed_out.weight" : "lm_head.weight");
        double[][] logits = multiply(x, head);
        double scale = family.equals("cohere") ? config.get("logit_scale").asDouble() : 1;
        double cap = config.path("final_logit_softcapping").asDouble(0);
        for (double[] row : logits) {
            for (int v = 0; v < row.length; v++) {
                row[v] *= scale;
                row[v] = cap > 0 ? Math.tanh(row[v] / cap) * cap : row[v];
            }
        }
        return logits;
    }

    /// −ln p of each next token.
    double[] losses(int[] tokens) {
        double[][] logits = logits(tokens);
        double[] losses = new double[tokens.length - 1];
        for (int t = 0; t < losses.length; t++) {
            double total = 0;
            for (double logit : logits[t]) {
                total += Math.exp(logit);
            }
            losses[t] = Math.log(total) - logits[t][tokens[t + 1]];
        }
        return losses;
    }

    private double[][] llama(double[][] x, int layer) {
        String block = "model.layers." + layer + ".";
        double[][] h = norm(x, block + "input_layernorm");
        double[][] q = linear(h, block + "self_attn.q_proj");
        double[][] k = linear(h, block + "self_attn.k_proj");
        double[][] v = linear(h, block + "self_attn.v_proj");
        rotateHalves(q, heads, size);
        rotateHalves(k, keyHeads, size);
        double[][] o = attend(q, k, v, 1 / Math.sqrt(size), window(layer), 0);
        x = plus(x, linear(o, block + "self_attn.o_proj"));
        h = norm(x, block + "post_attention_layernorm");
        double[][] gate = map(linear(h, block + "mlp.gate_proj"), PlainForward::silu);
        return plus(x, linear(times(gate, linear(h, block + "mlp.up_proj")), block + "mlp.down_proj"));
    }

    private double[][] phi3(double[][] x, int layer) {
        String block = "model.layers." + layer + ".";
        double[][] qkv = linear(norm(x, block + "input_layernorm"), block + "self_attn.qkv_proj");
        int queryEnd = heads * size;
        int keyEnd = queryEnd + keyHeads * size;
        double[][] q = columns(qkv, 0, queryEnd);
        double[][] k = columns(qkv, queryEnd, keyEnd);
        double[][] v = columns(qkv, keyEnd, keyEnd + keyHeads * size);
        int rotated = (int) (size * config.path("partial_rotary_factor").asDouble(1));
        rotateHalves(q, heads, rotated);
        rotateHalves(k, keyHeads, rotated);
        double[][] o = attend(q, k, v, 1 / Math.sqrt(size), window(layer), 0);
        x = plus(x, linear(o, block + "self_attn.o_proj"));
        double[][] both = linear(norm(x, block + "post_attention_layernorm"), block + "mlp.gate_up_proj");
        int inner = both[0].length / 2;
        double[][] gate = map(columns(both, 0, inner), PlainForward::silu);
        return plus(x, linear(times(columns(both, inner, 2 * inner), gate), block + "mlp.down_proj"));
    }

    private double[][] gemma2(double[][] x, int layer) {
        String block = "model.layers." + layer + ".";
        double[][] h = norm(x, block + "input_layernorm");
        double[][] q = linear(h, block + "self_attn.q_proj");
        double[][] k = linear(h, block + "self_attn.k_proj");
        double[][] v = linear(h, block + "self_attn.v_proj");
        rotateHalves(q, heads, size);
        rotateHalves(k, keyHeads, size);
        double scale = Math.pow(config.get("query_pre_attn_scalar").asDouble(), -0.5);
        double cap = config.path("attn_logit_softcapping").asDouble(0);
        int window = layer % 2 == 0 ? config.get("sliding_window").asInt() : 0;
        h = linear(attend(q, k, v, scale, window, cap), block + "self_attn.o_proj");
        x = plus(x, norm(h, block + "post_attention_layernorm"));
        h = norm(x, block + "pre_feedforward_layernorm");
        double[][] gate = map(linear(h, block + "mlp.gate_proj"), PlainForward::geluTanh);
        h = linear(times(gate, linear(h, block + "mlp.up_proj")), block + "mlp.down_proj");
        return plus(x, norm(h, block + "post_feedforward_layernorm"));
    }

    private double[][] neox(double[][] x, int layer) {
        String block = "gpt_neox.layers." + layer + ".";
        double[][] qkv = linear(norm(x, block + "input_layernorm"), block + "attention.query_key_value");
        double[][][] parts = new double[3][x.length][hidden];
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < heads; head++) {
                for (int part = 0; part < 3; part++) {
                    System.arraycopy(qkv[t], (head * 3 + part) * size, parts[part][t], head * size, size);
                }
            }
        }
        double share = config.has("rotary_pct")
                ? config.get("rotary_pct").asDouble()
                : config.path("rope_parameters").path("partial_rotary_factor").asDouble(0.25);
        int rotated = (int) (size * share);
        rotateHalves(parts[0], heads, rotated);
        rotateHalves(parts[1], heads, rotated);
        double[][] o = attend(parts[0], parts[1], parts[2], 1 / Math.sqrt(size), 0, 0);
        double[][] attended = linear(o, block + "attention.dense");
        boolean parallel = config.path("use_parallel_residual").asBoolean(true);
        double[][] middle = plus(x, attended);
        double[][] h = norm(parallel ? x : middle, block + "post_attention_layernorm");
        h = map(linear(h, block + "mlp.dense_h_to_4h"), PlainForward::gelu);
        return plus(middle, linear(h, block + "mlp.dense_4h_to_h"));
    }

    private double[][] cohere(double[][] x, int layer) {
        String block = "model.layers." + layer + ".";
        double[][] h = norm(x, block + "input_layernorm");
        double[][] q = linear(h, block + "self_attn.q_proj");
        double[][] k = linear(h, block + "self_attn.k_proj");
        double[][] v = linear(h, block + "self_attn.v_proj");
        if (config.path("use_qk_norm").asBoolean(false)) {
            normaliseHeads(q, matrix(block + "self_attn.q_norm.weight"));
            normaliseHeads(k, matrix(block + "self_attn.k_norm.weight"));
        }
        rotateNeighbours(q, heads);
        rotateNeighbours(k, keyHeads);
        double[][] o = attend(q, k, v, 1 / Math.sqrt(size), 0, 0);
        double[][] gate = map(linear(h, block + "mlp.gate_proj"), PlainForward::silu);
        double[][] mlp = linear(times(gate, linear(h, block + "mlp.up_proj")), block + "mlp.down_proj");
        return plus(plus(x, linear(o, block + "self_attn.o_proj")), mlp);
    }

    private int window(int layer) {
        boolean on = switch (family) {
            case "qwen2" ->
                config.path("use_sliding_window").asBoolean(false)
                        && layer >= config.get("max_window_layers").asInt();
            default -> config.hasNonNull("sliding_window");
        };
        return on ? config.get("sliding_window").asInt() : 0;
    }

    private double[][] attend(double[][] q, double[][] k, double[][] v, double scale, int window, double cap) {
        double[][] out = new double[q.length][heads * size];
        for (int head = 0; head < heads; head++) {
            int to = head * size;
            int from = head / (heads / keyHeads) * size;
            for (int t = 0; t < q.length; t++) {
                double total = 0;
                for (int s = window > 0 ? Math.max(0, t - window + 1) : 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < size; i++) {
                        score += q[t][to + i] * k[s][from + i];
                    }
                    score *= scale;
                    double weight = Math.exp(cap > 0 ? cap * Math.tanh(score / cap) : score);
                    total += weight;
                    for (int i = 0; i < size; i++) {
                        out[t][to + i] += weight * v[s][from + i];
                    }
                }
                for (int i = 0; i < size; i++) {
                    out[t][to + i] /= total;
                }
            }
        }
        return out;
    }

    /// Number j of the first `rotated` of each head is paired with number j + rotated/2.
    private void rotateHalves(double[][] x, int count, int rotated) {
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < count; head++) {
                for (int j = 0; j < rotated / 2; j++) {
                    turn(x[t], head * size + j, head * size + j + rotated / 2, t * frequency(j, rotated));
                }
            }
        }
    }

    private void rotateNeighbours(double[][] x, int count) {
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < count; head++) {
                for (int j = 0; j < size / 2; j++) {
                    turn(x[t], head * size + 2 * j, head * size + 2 * j + 1, t * frequency(j, size));
                }
            }
        }
    }

    private static void turn(double[] row, int first, int second, double angle) {
        double a = row[first];
        double b = row[second];
        row[first] = a * Math.cos(angle) - b * Math.sin(angle);
        row[second] = b * Math.cos(angle) + a * Math.sin(angle);
    }

    private double frequency(int j, int rotated) {
        JsonNode rope =
                config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : config.path("rope_scaling");
        double theta = rope.path("rope_theta")
                .asDouble(config.path("rope_theta")
                        .asDouble(config.path("rotary_emb_base").asDouble(10000)));
        double frequency = 1 / Math.pow(theta, 2.0 * j / rotated);
        String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
        if (type.equals("linear")) {
            return frequency / rope.get("factor").asDouble();
        }
        if (type.equals("llama3")) {
            double factor = rope.get("factor").asDouble();
            double low = rope.get("low_freq_factor").asDouble();
            double high = rope.get("high_freq_factor").asDouble();
            double old = rope.get("original_max_position_embeddings").asDouble();
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength < old / high) {
                return frequency;
            }
            if (wavelength > old / low) {
                return frequency / factor;
            }
            double smooth = (old / wavelength - low) / (high - low);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        }
        return frequency;
    }

    private double[][] norm(double[][] x, String name) {
        double[] weight = vector(name + ".weight");
        double[] bias = checkpoint.has(name + ".bias") ? vector(name + ".bias") : new double[weight.length];
        boolean centred = family.equals("gpt_neox") || family.equals("cohere");
        double epsilon =
                config.path(centred ? "layer_norm_eps" : "rms_norm_eps").asDouble();
        double[][] out = new double[x.length][hidden];
        for (int t = 0; t < x.length; t++) {
            double mean = centred ? mean(x[t], 0, hidden) : 0;
            double root = Math.sqrt(meanSquare(x[t], 0, hidden, mean) + epsilon);
            for (int i = 0; i < hidden; i++) {
                double factor = family.equals("gemma2") ? 1 + weight[i] : weight[i];
                out[t][i] = (x[t][i] - mean) / root * factor + bias[i];
            }
        }
        return out;
    }

    private void normaliseHeads(double[][] x, double[][] weight) {
        double epsilon = config.get("layer_norm_eps").asDouble();
        for (double[] row : x) {
            for (int head = 0; head < weight.length; head++) {
                int from = head * size;
                double mean = mean(row, from, size);
                double root = Math.sqrt(meanSquare(row, from, size, mean) + epsilon);
                for (int i = 0; i < size; i++) {
                    row[from + i] = weight[head][i] * (row[from + i] - mean) / root;
                }
            }
        }
    }

    private static double mean(double[] row, int from, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += row[from + i];
        }
        return sum / count;
    }

    private static double meanSquare(double[] row, int from, int count, double mean) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (row[from + i] - mean) * (row[from + i] - mean);
        }
        return sum / count;
    }

    private double[][] linear(double[][] x, String name) {
        double[][] out = multiply(x, matrix(name + ".weight"));
        if (checkpoint.has(name + ".bias")) {
            double[] bias = vector(name + ".bias");
            for (double[] row : out) {
                for (int o = 0; o < bias.length; o++) {
                    row[o] += bias[o];
                }
            }
        }
        return out;
    }

    private static double[][] multiply(double[][] x, double[][] weight) {
        double[][] out = new double[x.length][weight.length];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < weight.length; o++) {
                for (int i = 0; i < weight[o].length; i++) {
                    out[t][o] += x[t][i] * weight[o][i];
                }
            }
        }
        return out;
    }

    private static double[][] plus(double[][] x, double[][] y) {
        double[][] out = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                out[t][i] = x[t][i] + y[t][i];
            }
        }
        return out;
    }

    private static double[][] times(double[][] x, double[][] y) {
        double[][] out = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                out[t][i] = x[t][i] * y[t][i];
            }
        }
        return out;
    }

    private static double[][] map(double[][] x, DoubleUnaryOperator f) {
        double[][] out = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                out[t][i] = f.applyAsDouble(x[t][i]);
            }
        }
        return out;
    }

    private static double[][] columns(double[][] x, int from, int to) {
        double[][] out = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            out[t] = Arrays.copyOfRange(x[t], from, to);
        }
        return out;
    }

    private static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    private static double geluTanh(double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /// x·Φ(x), with Φ from the series of the error function.
    private static double gelu(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= x * x / (2 * n + 1);
            sum += term;
        }
        return x * (0.5 + Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI) * sum);
    }

    private double[] vector(String name) {
        return values(checkpoint.tensor(name));
    }

    private double[][] matrix(String name) {
        StoredTensor tensor = checkpoint.tensor(name);
        double[] values = values(tensor);
        int columns = (int) tensor.shape()[1];
        double[][] matrix = new double[(int) tensor.shape()[0]][];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return matrix;
    }

    private static double[] values(StoredTensor tensor) {
        double[] values = new double[(int) tensor.elementCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case FLOAT64 -> tensor.data().get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8L);
                case FLOAT32 -> tensor.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4L);
                case FLOAT16, BFLOAT16, INT32 -> throw new IllegalArgumentException(tensor.name());
            };
        }
        return values;
    }
}
