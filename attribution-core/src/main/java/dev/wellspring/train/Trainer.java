package dev.wellspring.train;

import dev.wellspring.linalg.LinearAlgebra;
import dev.wellspring.linalg.RowParallel;
import dev.wellspring.linalg.Workspace;
import dev.wellspring.model.Decoder;
import dev.wellspring.model.DecoderWeights;
import dev.wellspring.model.DecoderWeights.Part;
import dev.wellspring.model.PackedBatch;
import dev.wellspring.model.Sequence;
import dev.wellspring.tensor.DType;
import dev.wellspring.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Moves the weights of one decoder, a step at a time.
///
/// A batch is cut into as many pieces as there are lanes, each with a backend and gradients of its own, so that lanes
/// may
/// run on several threads; what they found is added up in their order.
public final class Trainer implements AutoCloseable {
    private final LinearAlgebra algebra;
    private final RowParallel parallel;
    private final DecoderWeights weights;
    private final OptimizerState state;
    private final double clip;
    private final List<Lane> lanes = new ArrayList<>();
    private final Workspace work;
    private final Tensor squares;

    private record Lane(Decoder decoder, DecoderWeights gradients, LinearAlgebra algebra) implements AutoCloseable {
        @Override
        public void close() {
            gradients.close();
            decoder.close();
        }
    }

    /// What came of a step.
    ///
    /// @param loss before the step, the mean over the predicted tokens, in nats
    /// @param gradientNorm ‖g‖ before clipping
    /// @param tokens how many were predicted
    public record Step(double loss, double gradientNorm, long tokens) {}

    /// @param algebra moves the weights, and computes them all when there is one lane
    /// @param lanes backends whose tensors the others can read, one for each piece of a batch
    /// @param parallel spreads the lanes over threads
    /// @param weights the caller closes them
    /// @param clip the largest norm of a gradient, or 0 for none
    /// @param maxRows the most predictions that go through one lane at a time
    public Trainer(
            LinearAlgebra algebra,
            List<LinearAlgebra> lanes,
            RowParallel parallel,
            DecoderWeights weights,
            Optimizer optimizer,
            double clip,
            DType type,
            int maxRows) {
        this.algebra = algebra;
        this.parallel = parallel;
        this.weights = weights;
        this.clip = clip;
        work = new Workspace(algebra);
        squares = work.allocate(DType.FLOAT64, 1);
        state = new OptimizerState(algebra, optimizer, weights, type);
        for (LinearAlgebra lane : lanes) {
            this.lanes.add(new Lane(
                    new Decoder(lane, weights, type, maxRows),
                    DecoderWeights.allocate(lane, weights.config(), type),
                    lane));
        }
    }

    /// The bytes that training takes beside the weights and the decoders' activations.
    public static long byteSize(long weightBytes, Optimizer optimizer, int lanes) {
        int kept = switch (optimizer) {
            case Optimizer.AdamW _ -> 2;
            case Optimizer.Sgd _ -> 1;
        };
        return weightBytes * (kept + lanes);
    }

    /// The weights at work.
    public DecoderWeights weights() {
        return weights;
    }

    /// One step.
    ///
    /// @param batch at least one sequence
    /// @param rate the learning rate
    /// @param number of the step, from 0
    /// @throws IllegalArgumentException when a sequence is longer than a lane's rows
    public Step step(List<Sequence> batch, double rate, long number) {
        long tokens = batch.stream().mapToLong(Trainer::predictions).sum();
        double[] losses = new double[lanes.size()];
        parallel.forRanges(lanes.size(), (from, to) -> {
            for (int lane = (int) from; lane < to; lane++) {
                losses[lane] = gradients(lanes.get(lane), piece(batch, lane), 1.0 / tokens);
            }
        });
        DecoderWeights total = lanes.getFirst().gradients();
        for (Lane lane : lanes.subList(1, lanes.size())) {
            add(lane.gradients().held(), total.held());
        }
        double norm = norm(total);
        double scale = clip > 0 && norm > clip ? clip / norm : 1;
        state.move(total, scale, rate, number);
        return new Step(Arrays.stream(losses).sum(), norm, tokens);
    }

    /// Everything that decides the next step, by name, to be kept and brought back bit for bit.
    public Map<String, Tensor> state() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        name("weights", weights.held(), tensors);
        state.tensors().forEach((name, values) -> name(name, values, tensors));
        return tensors;
    }

    private static void name(String name, List<Tensor> values, Map<String, Tensor> tensors) {
        for (int i = 0; i < values.size(); i++) {
            tensors.put(name + "." + i, values.get(i));
        }
    }

    private static int predictions(Sequence sequence) {
        return sequence.rows() - sequence.lossStart();
    }

    /// Consecutive sequences, about equally many for every lane.
    private List<Sequence> piece(List<Sequence> batch, int lane) {
        int from = batch.size() * lane / lanes.size();
        int to = batch.size() * (lane + 1) / lanes.size();
        return batch.subList(from, to);
    }

    /// ∂/∂w of the piece's share of the mean loss, as many sequences at a time as fit.
    ///
    /// @return the share
    private static double gradients(Lane lane, List<Sequence> piece, double weight) {
        lane.gradients().held().forEach(tensor -> lane.algebra().fill(tensor, 0));
        double loss = 0;
        List<Sequence> together = new ArrayList<>();
        int rows = 0;
        for (Sequence sequence : piece) {
            if (!together.isEmpty() && rows + sequence.rows() > lane.decoder().maxRows()) {
                loss += pass(lane, together, weight);
                together.clear();
                rows = 0;
            }
            together.add(sequence);
            rows += sequence.rows();
        }
        return together.isEmpty() ? loss : loss + pass(lane, together, weight);
    }

    private static double pass(Lane lane, List<Sequence> sequences, double weight) {
        PackedBatch batch = PackedBatch.of(sequences);
        for (int row = 0; row < batch.rows(); row++) {
            batch.weights()[row] *= weight;
        }
        return Arrays.stream(lane.decoder().parameterGradients(batch, lane.gradients()))
                .sum();
    }

    private void add(List<Tensor> from, List<Tensor> to) {
        for (int i = 0; i < to.size(); i++) {
            algebra.add(1, from.get(i), to.get(i));
        }
    }

    private double norm(DecoderWeights gradients) {
        double beta = 0;
        for (Part part : gradients.parts()) {
            algebra.dot(part.values(), part.values(), beta, squares);
            beta = 1;
        }
        double[] sum = new double[1];
        algebra.download(squares, MemorySegment.ofArray(sum), DType.FLOAT64);
        return Math.sqrt(sum[0]);
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        state.close();
        work.close();
    }
}
