package dev.wellspring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.wellspring.train.LearningRate.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Learning rates, and which sequences come when.
class ScheduleTest {
    @Test
    void rateRisesAndThenFollowsItsShape() {
        var cosine = new LearningRate(2, 4, Shape.COSINE, 24);
        assertThat(IntStream.range(0, 4).mapToDouble(cosine::at)).containsExactly(0.5, 1.0, 1.5, 2.0);
        assertThat(cosine.at(4)).isEqualTo(2);
        assertThat(cosine.at(9)).isCloseTo(1 + Math.cos(Math.PI / 4), within(1e-15));
        assertThat(cosine.at(14)).isCloseTo(1, within(1e-15));
        assertThat(cosine.at(24)).isCloseTo(0, within(1e-15));
        assertThat(new LearningRate(2, 4, Shape.LINEAR, 24).at(19)).isEqualTo(0.5);
        assertThat(new LearningRate(2, 0, Shape.CONSTANT, 24).at(0)).isEqualTo(2);
        assertThat(new LearningRate(2, 0, Shape.CONSTANT, 24).at(23)).isEqualTo(2);
        assertThatThrownBy(() -> new LearningRate(0, 0, Shape.CONSTANT, 24))
                .hasMessageContaining("expected a peak above 0");
    }

    @Test
    void everyEpochSeesEverySequenceOnceInAnOrderOfItsOwn() {
        var order = new BatchOrder(10, 4, 3);
        int[] seen = IntStream.range(0, 5)
                .flatMap(step -> Arrays.stream(order.at(step)))
                .toArray();
        int[] first = Arrays.copyOfRange(seen, 0, 10);
        int[] second = Arrays.copyOfRange(seen, 10, 20);
        assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(second)
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
                .isNotEqualTo(first);
        assertThat(new BatchOrder(10, 4, 4).at(0)).isNotEqualTo(order.at(0));
    }

    @Test
    void anyStepCanBeAskedForFirst() {
        var order = new BatchOrder(7, 5, 9);
        int[] late = order.at(12);
        order.at(0);
        assertThat(new BatchOrder(7, 5, 9).at(12)).isEqualTo(late);
    }

    @Test
    void epochsTakeAsManyStepsAsTheyNeed() {
        var order = new BatchOrder(10, 4, 0);
        assertThat(order.steps(1)).isEqualTo(3);
        assertThat(order.steps(2)).isEqualTo(5);
        assertThat(order.steps(0.01)).isEqualTo(1);
    }
}
