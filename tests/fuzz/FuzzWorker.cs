using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace HarvestTools.Fuzz;

/// <summary>
/// Runs one target until its time is over or an input is a finding. The input that is run is in a mapped file, which outlives the
/// process however that ends: a stack that overflows or memory that is gone leaves nobody to write it.
/// </summary>
internal static class FuzzWorker
{
    /// <summary>Exit code where an input is a finding.</summary>
    public const int Found = 10;

    /// <summary>What the mapped file holds: the input's length, the number of inputs run, the input.</summary>
    public const int BoxBytes = (2 << 20) + Header;

    public const int Header = sizeof(int) + sizeof(long);

    public static int Run(FuzzOptions options, string box)
    {
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(box, FileMode.Open);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor();
        string name = options.Targets.Single();
        using FuzzTarget target = FuzzTargets.Create(name);
        var mutator = new Mutator(options.Seed, target.Seeds);
        var clock = Stopwatch.StartNew();
        for (long count = 1; clock.Elapsed.TotalSeconds < options.Seconds; count++)
        {
            byte[] input = mutator.Next();
            view.Write(0, input.Length);
            view.Write(sizeof(int), count);
            view.WriteArray(Header, input, 0, input.Length);
            try
            {
                target.Run(input);
            }
            catch (Exception finding)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: input {count} of seed {options.Seed}: {finding}"));
                return Found;
            }
        }

        return 0;
    }
}
