#!/bin/sh
# SPDX-License-Identifier: MIT
# A search as a Slurm job array: each task is a shard. Change the time, the budget and the array;
# the folder of the results must be one that all nodes see.
#
#   sbatch --array=0-99 slurm.sh ./my-writer
#   vssemu fuzz merge --out all found/*          (when the array is done)
#
#SBATCH --job-name=vssemu-fuzz
#SBATCH --array=0-9
#SBATCH --cpus-per-task=2
#SBATCH --time=01:30:00
#SBATCH --output=vssemu-fuzz-%a.log
set -u

: "${BUDGET:=1h}" "${FOUND:=found}"
mkdir -p "$FOUND"
exec vssemu fuzz --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --budget "$BUDGET" --out "$FOUND/$SLURM_ARRAY_TASK_ID" -- "$@"
