using System.Diagnostics;
using System.Globalization;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Remotes;

/// <summary>How far a transfer of many objects is: bytes, objects, rate and the time left. Thread-safe.</summary>
/// <param name="activity">What is being done, for example <c>Pushing</c>.</param>
/// <param name="objects">How many objects are to be moved.</param>
/// <param name="bytes">Their bytes in all.</param>
/// <param name="target">Receives it; null for nobody.</param>
internal sealed class TransferProgress(string activity, int objects, long bytes, IProgress<WorkProgress>? target)
{
    // A rate over less says nothing.
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _done;
    private int _objects;

    /// <summary>Some bytes were moved; fewer than none where an attempt is begun again.</summary>
    public void Moved(int count)
    {
        long done = Interlocked.Add(ref _done, count);
        target?.Report(new WorkProgress(activity, Item(done), Math.Clamp(done, 0, bytes), bytes));
    }

    /// <summary>One more object is there.</summary>
    public void Finished() => Interlocked.Increment(ref _objects);

    private string Item(long done)
    {
        string item = string.Create(CultureInfo.InvariantCulture, $"{Figures.Count(_objects)} of {Figures.Count(objects, "object")}");
        TimeSpan passed = _clock.Elapsed;
        if (passed < s_shortest || done <= 0)
        {
            return item;
        }

        double rate = done / passed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min((bytes - done) / rate, TimeSpan.FromDays(99).TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"{item}, {Figures.Size((long)rate)}/s, {RemoteText.Duration(left)} left");
    }
}
