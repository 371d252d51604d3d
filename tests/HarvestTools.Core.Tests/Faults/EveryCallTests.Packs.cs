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

    private void AddWeeks()
    {
        for (int week = 0; week < 3; week++)
        {
            Write("exports/a.json", ExportPlan.ForTasks(SampleKind.Body, 12) with { Relabelled = [1 + week] });
            Add(_template, "a");
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
