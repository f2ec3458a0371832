package io.asyncgateway.cli;

/** Where the wishes to stop and to reload come from. */
interface Signals {
    /**
     * Takes over SIGINT and SIGTERM for the rest of the process.
     *
     * @param handler called with each signal, on a thread that may block
     */
    void onStop(Handler handler);

    /**
     * Takes over SIGHUP for the rest of the process.
     *
     * @param handler called with each signal, on a thread that may block
     */
    void onReload(Runnable handler);

    /** Is told of a signal. */
    @FunctionalInterface
    interface Handler {
        void received(StopSignal signal);
    }

    /** The signals that stop the server. */
    enum StopSignal {
        INT(2),
        TERM(15);

        private final int number;

        StopSignal(int number) {
            this.number = number;
        }

        /** What a shell reports of a process that died of it. */
        int exitCode() {
            return 128 + number;
        }

        @Override
        public String toString() {
            return "SIG" + name();
        }
    }
}
