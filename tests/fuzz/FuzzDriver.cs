using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace HarvestTools.Fuzz;

/// <summary>
/// Runs each target in a process of its own, so that one that crashes or hangs is a finding too, and goes on with the next seed
/// after a finding, until the time is over.
/// </summary>
internal static class FuzzDriver
{
    // A single input takes milliseconds; a worker that is still at one after this is stuck.
    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(60);

    public static int Run(FuzzOptions options)
    {
        IReadOnlyList<string> targets = options.Targets.Count == 0 ? FuzzTargets.Names : options.Targets;
        int findings = 0;
        foreach (string target in targets)
        {
            var clock = Stopwatch.StartNew();
            double share = (double)options.Seconds / targets.Count;
            int seed = options.Seed;
            long inputs = 0;
            do
            {
                int left = Math.Max(1, (int)(share - clock.Elapsed.TotalSeconds));
                (bool found, long count) = Work(options, target, left, seed++);
                inputs += count;
                findings += found ? 1 : 0;
            }
            while (clock.Elapsed.TotalSeconds < share - 1);

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: {inputs} inputs in {clock.Elapsed.TotalSeconds:F0} s"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{findings} findings, seed {options.Seed}"));
        return findings == 0 ? 0 : 1;
    }

    private static (bool Found, long Count) Work(FuzzOptions options, string target, int seconds, int seed)
    {
        string box = Path.GetTempFileName();
        try
        {
            using (FileStream empty = File.OpenWrite(box))
            {
                empty.SetLength(FuzzWorker.BoxBytes);
            }

            var start = new ProcessStartInfo(Environment.ProcessPath!)
            {
                ArgumentList =
                {
                    typeof(FuzzDriver).Assembly.Location, "--worker", box, "--seed", seed.ToString(CultureInfo.InvariantCulture),
                    "--seconds", seconds.ToString(CultureInfo.InvariantCulture), target,
                },
                RedirectStandardError = true,
            };
            using Process worker = Process.Start(start)!;
            Task<string> errors = worker.StandardError.ReadToEndAsync();
            bool ended = worker.WaitForExit(TimeSpan.FromSeconds(seconds) + s_stuck);
            if (!ended)
            {
                worker.Kill(entireProcessTree: true);
                worker.WaitForExit();
            }

            (byte[] input, long count) = Open(box);
            if (ended && worker.ExitCode == 0)
            {
                return (false, count);
            }

            if (count == 0)
            {
                throw new InvalidOperationException($"The target '{target}' could not be made: {errors.Result}");
            }

            Directory.CreateDirectory(options.Keep);
            string kept = Path.Combine(options.Keep, $"{target}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}.bin");
            File.WriteAllBytes(kept, input);
            string why = ended ? string.Create(CultureInfo.InvariantCulture, $"exit code {worker.ExitCode}") : "stuck";
            Console.WriteLine($"{target}: {why}; the input is in {kept}\n{errors.Result}");
            return (true, count);
        }
        finally
        {
            File.Delete(box);
        }
    }

    private static (byte[] Input, long Count) Open(string box)
    {
        byte[] bytes = File.ReadAllBytes(box);
        int length = BitConverter.ToInt32(bytes);
        return (bytes[FuzzWorker.Header..(FuzzWorker.Header + length)], BitConverter.ToInt64(bytes, sizeof(int)));
    }
}
