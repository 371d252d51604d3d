using HarvestTools.Archive;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>Commands that pack, and those that meet what is packed.</summary>
public sealed partial class EveryCallTests
{
    [Fact]
    public void Of_pack()
    {
        AddWeeks();
        Each(3, Pack);
    }

    [Fact]
    public void Of_pack_undone()
    {
        AddWeeks();
        Pack(_template);
        Each(3, static at =>
        {
            using UnpackExports unpacking = UnpackExports.Begin(at.Repository, [], at.Context);
            foreach (PackTarget target in unpacking.Targets)
            {
                unpacking.Unpack(target, at.Context);
            }

            return null;
        });
    }

    [Fact]
    public void Of_new_of_what_is_packed()
    {
        AddWeeks();
        Pack(_template);
        Each(5, static at => New(at, "v1"), done: "SliceExists");
    }

    [Fact]
    public void Of_push_of_what_is_packed()
    {
        ShareFolder();
        AddWeeks();
        Pack(_template);
        New(_template, "v1");
        Each(5, static at => FirstError(PushSlices.Run(at.Repository, s_oneByOne, at.Context)));
    }

    [Fact]
    public void Of_the_removal_of_what_is_packed()
    {
        AddWeeks();
        Pack(_template);
        DeleteOldRecords();
        Each(3, static at => RemoveUnreachable.Run(at.Repository, new UnreachableRequest(), at.Context with { Clock = s_later }));
    }

    /// <summary>A patch with its anchor is needed again, another patch is over its days.</summary>
    [Fact]
    public void Of_the_return_of_what_is_packed()
    {
        AddWeeks();
        Pack(_template);
        LocalObjectStore store = _template.Repository.Archive.Local;
        NewSlice.Run(_template.Repository, new NewSliceRequest("v1") { Exports = [_weeks[0]], AllowShrink = true }, _template.Context);
        DeleteOldRecords();
        foreach (string sha256 in _weeks)
        {
            store.Unreachable.Put(store.Packs.Find(sha256)!, new DateOnly(2026, 1, 1));
        }

        Each(3, static at => RemoveUnreachable.Run(at.Repository, new UnreachableRequest(), at.Context with { Clock = s_later }));
    }

    private static readonly TimeProvider s_later = new FixedClock(DateTimeOffset.UtcNow.AddDays(200));
    private readonly List<string> _weeks = [];

    /// <summary>A record that cannot be read keeps its export, which is no fault of the removal.</summary>
    private void DeleteOldRecords()
    {
        foreach (string sha256 in _weeks.SkipLast(1))
        {
            File.Delete(Assert.Single(Directory.GetFiles(_template.PathOf(".harvest/archive/exports"), $"*{sha256}.json")));
        }
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private void AddWeeks()
    {
        for (int week = 0; week < 3; week++)
        {
            Write("exports/a.json", ExportPlan.ForTasks(SampleKind.Body, 12) with { Relabelled = [1 + week] });
            _weeks.Add(Add(_template, "a").Sha256);
        }
    }

    private static object? Pack(FaultRepository at)
    {
        using PackExports packing = PackExports.Begin(at.Repository, [], at.Context);
        foreach (PackTarget target in packing.Targets)
        {
            packing.Pack(target, at.Context);
        }

        return null;
    }
}
