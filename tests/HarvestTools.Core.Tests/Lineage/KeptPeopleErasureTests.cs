using HarvestTools.Cache;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>What parts keep of people is searched for who was erased, and goes.</summary>
public sealed class KeptPeopleErasureTests
{
    [Fact]
    public void What_it_says_of_a_person_is_found_and_goes_with_the_part()
    {
        using var season = new LineageSeason(1);
        TemporaryRepository repository = season.Repository;
        long person = season.Slices["v4"][0].Annotator;
        var subject = SourceQuery.OfAnnotator(person);
        string[] before = [.. LineageShape.PeopleOf(repository).Where(file => LineageShape.Load(file).Annotations.Annotators.Contains(person))];
        Assert.NotEmpty(before);
        byte[] one = File.ReadAllBytes(before[0]);
        ErasureProof Prove() => ProveErasure.Run(repository.Repository, subject, repository.Context);
        Assert.Equal(before.Select(repository.Repository.MakeRelative), Prove().Traces.Select(static trace => trace.Path).Where(static path => path.EndsWith(PartStore.PeopleName, StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        PlanErasure.Write(repository.Repository, subject, repository.Context);
        repository.New(new NewSliceRequest("v5") { AllowShrink = true });
        RemoveErased.Run(repository.Repository, subject, repository.Context);
        Directory.Delete(repository.PathOf("exports"), recursive: true);
        Assert.True(Prove().IsErased);
        Assert.DoesNotContain(LineageShape.PeopleOf(repository), file => LineageShape.Load(file).Annotations.Annotators.Contains(person));

        // Without a record beside it, as after a kill, it is found by itself; one that is damaged is said not to have been read.
        Directory.CreateDirectory(Path.GetDirectoryName(before[0])!);
        File.WriteAllBytes(before[0], one);
        Assert.False(Prove().IsErased);
        File.WriteAllBytes(before[0], one[..^1]);
        Assert.Contains(Prove().NotSearched, static said => said.Contains(PartStore.PeopleName, StringComparison.Ordinal));
    }

    [Fact]
    public void An_episode_that_it_names_is_found()
    {
        using LineageShape made = LineageShape.Make("hands");
        string episode = LineageShape.PeopleOf(made.Repository).SelectMany(static file => LineageShape.Load(file).Overruled).First().Episode;

        Assert.Contains(
            ProveErasure.Run(made.Repository.Repository, SourceQuery.OfEpisode(episode), made.Repository.Context).Traces,
            static trace => trace.Path.EndsWith(PartStore.PeopleName, StringComparison.Ordinal));
    }
}
