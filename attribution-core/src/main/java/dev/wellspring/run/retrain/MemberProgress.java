package dev.wellspring.run.retrain;

import dev.wellspring.run.Progress;

/// One of several trainings at a time: only its tokens are told, the models are counted by their bank.
record MemberProgress(Progress whole) implements Progress {
    @Override
    public void start(String stage, long totalUnits, String unit) {}

    @Override
    public void advance(long units, long tokens) {
        whole.advance(0, tokens);
    }

    @Override
    public void note(String line) {}

    @Override
    public void finish() {}
}
