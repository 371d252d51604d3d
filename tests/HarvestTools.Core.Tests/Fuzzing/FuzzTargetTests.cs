using System.Text;
using HarvestTools.Archive;
using HarvestTools.Fuzz;
using HarvestTools.Fuzz.Targets;

namespace HarvestTools.Tests.Fuzzing;

/// <summary>The targets of tests/fuzz over what was found before, and over a few fresh inputs; a minute or an hour is run apart.</summary>
public sealed class FuzzTargetTests
{
    private const int Seed = 20_261;

    // Inputs of a repository or a remote take a tenth of a second each, the others a millisecond.
    private const int Few = 15;
    private const int Many = 300;

    public static TheoryData<string> Targets { get; } = [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Any_bytes_give_a_result_or_an_error_of_the_engine(string name)
    {
        using FuzzTarget target = FuzzTargets.Create(name);
        foreach (byte[] seed in target.Seeds)
        {
            target.Run(seed);
        }

        string corpus = Path.Combine(AppContext.BaseDirectory, "corpus", name);
        foreach (string kept in Directory.Exists(corpus) ? Directory.EnumerateFiles(corpus) : [])
        {
            target.Run(File.ReadAllBytes(kept));
        }

        var mutator = new Mutator(Seed, target.Seeds);
        for (int i = 0; i < (name is "repository" or "remote" ? Few : Many); i++)
        {
            target.Run(mutator.Next());
        }
    }

    [Fact]
    public void The_corpus_has_what_was_found() =>
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "record")));

    [Fact]
    public void A_seed_gives_the_same_inputs_and_another_seed_others()
    {
        byte[][] seeds = [Encoding.UTF8.GetBytes("""{"a":1,"b":"text"}""")];
        byte[][] Draw(int seed)
        {
            var mutator = new Mutator(seed, seeds);
            return [.. Enumerable.Range(0, 50).Select(_ => mutator.Next())];
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    /// <summary>A record that was changed and sealed again is believed; so the target sees what is believed.</summary>
    [Fact]
    public void A_target_reports_what_breaks_its_promise()
    {
        using var sample = new SampleRepository();
        (string path, byte[] bytes) = sample.Files().First(file => sample.Relative(file.Path).StartsWith(".harvest/archive/exports/", StringComparison.Ordinal));
        using var target = new RecordTarget([(Path.GetFileName(path), bytes)]);
        target.Run(bytes);

        Assert.Throws<FuzzFinding>(() => target.Run((ExportRecord.Load(path) with { Tasks = 99 }).ToUtf8Bytes()));
    }
}
