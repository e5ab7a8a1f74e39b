# SPDX-License-Identifier: MIT
# Read by ci/test and ci/check: runs steps one after the other, times each, goes on after a failure
# and gives the sum at the end.

steps_failed=
steps_table=
steps_begin=$(date +%s)

# step NAME COMMAND...
step() {
    step_name=$1
    shift
    echo "==> $step_name"
    step_begin=$(date +%s)
    if "$@"; then step_word=ok; else
        step_word=FAILED
        steps_failed="$steps_failed '$step_name'"
    fi
    step_line=$(printf '%-44s %6s %4d s' "$step_name" "$step_word" $(($(date +%s) - step_begin)))
    steps_table="$steps_table$step_line
"
}

# Prints the table; answers 1 when a step failed.
steps_end() {
    printf '\n%s%-44s %6s %4d s\n' "$steps_table" total "" $(($(date +%s) - steps_begin))
    [ -z "$steps_failed" ] || {
        echo "failed:$steps_failed"
        return 1
    }
}
