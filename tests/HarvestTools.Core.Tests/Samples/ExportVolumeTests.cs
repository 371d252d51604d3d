using System.Security.Cryptography;
using HarvestTools.Samples;

namespace HarvestTools.Tests.Samples;

/// <summary>Sizes as measured on real exports, and bytes that never change.</summary>
public sealed class ExportVolumeTests
{
    private const double Tolerance = 0.15;

    [Fact]
    public void A_hand_with_its_box_takes_as_many_bytes_as_in_real_exports() =>
        AssertBytesATask(7_700, Plain(SampleKind.Hands) with { SecondHandShare = 0 });

    [Fact]
    public void Two_hands_with_boxes_take_as_many_bytes_as_in_real_exports() =>
        AssertBytesATask(14_500, Plain(SampleKind.Hands) with { SecondHandShare = 1 });

    [Fact]
    public void A_body_with_its_box_takes_as_many_bytes_as_in_real_exports() =>
        AssertBytesATask(11_400, Plain(SampleKind.Body));

    [Fact]
    public void Twenty_segments_take_as_many_bytes_as_in_real_exports()
    {
        ExportFacts facts = ExportGenerator.Write(Stream.Null, Plain(SampleKind.Actions));

        Assert.InRange((double)facts.RegionTypes["timelinelabels"] / facts.Tasks, 19, 21);
        AssertBytesATask(4_400, Plain(SampleKind.Actions));
    }

    [Fact]
    public void An_embedded_prediction_adds_80_to_95_percent()
    {
        ExportPlan plan = Plain(SampleKind.Hands) with { SecondHandShare = 0 };
        EpisodeBatch predicted = plan.Batches[0] with { PredictedShare = 1 };

        double without = ExportGenerator.Write(Stream.Null, plan).Bytes;
        double with = ExportGenerator.Write(Stream.Null, plan with { Batches = [predicted], PredictionCopies = true }).Bytes;

        Assert.InRange(with / without, 1.80 - Tolerance, 1.95 + Tolerance);
    }

    [Fact]
    public void Shares_are_met()
    {
        ExportFacts facts = ExportGenerator.Write(Stream.Null, ExportPlan.ForTasks(SampleKind.Actions, 20_000));

        Assert.InRange((double)facts.Cancelled / facts.Annotations, 0.045, 0.055);
        Assert.InRange((double)facts.Drafts / facts.Tasks, 0.017, 0.023);
        Assert.InRange((double)facts.Empty / facts.Annotations, 0.009, 0.015);
        Assert.InRange((double)facts.Unlabeled / facts.Tasks, 0.026, 0.034);
    }

    [Fact]
    public void The_benchmark_comes_close_to_its_target()
    {
        ExportFacts facts = ExportGenerator.Write(Stream.Null, ExportGenerator.Benchmark(50_000_000));
        ExportPlan whole = ExportGenerator.Benchmark();

        Assert.InRange(facts.Bytes, 49_000_000, 51_000_000);
        Assert.InRange(whole.Tasks, 60_000, 68_000);
        Assert.InRange((double)facts.Annotations / facts.Tasks, 1.38, 1.43);
        Assert.InRange((double)facts.RegionTypes["keypointlabels"] / facts.Annotations, 19, 21);
        Assert.InRange((double)facts.RegionTypes["rectanglelabels"] / facts.Annotations, 1.2, 1.8);
    }

    /// <summary>A changed digest means that every recorded measurement and demonstration changes: not by accident.</summary>
    [Theory]
    [InlineData("Actions", "UserInterface", "Editor", "ebbaf69586559e06628b86514965a1ec9c020ef432791ee3b20472aad3394e78")]
    [InlineData("Hands", "UserInterface", "Editor", "92604ccd88ab4ab90ed38d9241044b022f48b2f5d6632452c5fb6a878ffdf7e2")]
    [InlineData("Body", "UserInterface", "Editor", "38db2bce04ee0e3d981df99697cfa4469a78fc6c41739be6a21b0e55ad6c7d62")]
    [InlineData("Hands", "Snapshot", "Postgres", "3a9c14c553670afcc7ba2aaf92759607c8a58bf381b7513e8c33ba51583eb262")]
    [InlineData("Body", "Indented", "Postgres", "45b792fe4e3f3305396f6800b329b0d5296fc2bd7f20ee6e1d294fdf2d9abe9c")]
    public void The_same_plan_gives_the_same_bytes_on_every_machine(string kind, string style, string order, string sha256)
    {
        ExportPlan plan = ExportPlan.ForTasks(Enum.Parse<SampleKind>(kind), 500, predictedShare: 0.5) with
        {
            Seed = 2026,
            Style = Enum.Parse<ExportStyle>(style),
            KeyOrder = Enum.Parse<KeyOrder>(order),
            Predictions = PredictionForm.Objects,
            OrderSeed = 3,
        };
        using var stream = new MemoryStream();

        ExportGenerator.Write(stream, plan);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(stream.ToArray())));
    }

    [Fact]
    public void Another_seed_gives_other_bytes()
    {
        ExportPlan plan = ExportPlan.ForTasks(SampleKind.Hands, 20);
        using var first = new MemoryStream();
        using var second = new MemoryStream();

        ExportGenerator.Write(first, plan);
        ExportGenerator.Write(second, plan with { Seed = 2 });

        Assert.False(first.ToArray().AsSpan().SequenceEqual(second.ToArray()));
    }

    /// <summary>One annotation a task, nothing absent, no choices, as the measured volumes count.</summary>
    private static ExportPlan Plain(SampleKind kind) => ExportPlan.ForTasks(kind, 500) with
    {
        SecondAnnotatorShare = 0,
        CancelledShare = 0,
        EmptyShare = 0,
        DraftShare = 0,
        UnlabeledShare = 0,
        ObjectShare = 0,
        HiddenPointShare = 0,
        ChoiceShare = 0,
    };

    private static void AssertBytesATask(double expected, ExportPlan plan)
    {
        ExportFacts facts = ExportGenerator.Write(Stream.Null, plan);
        Assert.InRange((double)facts.Bytes / facts.Tasks, expected * (1 - Tolerance), expected * (1 + Tolerance));
    }
}
