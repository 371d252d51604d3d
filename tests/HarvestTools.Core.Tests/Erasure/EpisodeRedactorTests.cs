using HarvestTools.Erasure;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Erasure;

/// <summary>What of a task is an episode's.</summary>
public sealed class EpisodeRedactorTests
{
    [Theory]
    [InlineData("ep1", true)]
    [InlineData("pour/ep1", true)]
    [InlineData("cut/ep1", false)]
    [InlineData("ep", false)]
    public void A_task_of_the_episode_goes_whole(string episode, bool goes)
    {
        string task = """{"id":1,"data":{"image":"/f.jpg","task_subdir":"pour","episode":"ep1","frame":3},"annotations":[{"id":2,"result":[]}],"drafts":[{"id":1}]}""";
        var redactor = new EpisodeRedactor(episode, FieldMapping.Default, config: null);

        Assert.Equal(goes ? TaskFate.Goes : TaskFate.Stays, redactor.Redact(PersonRedactorTests.Task(task), new TextCuts()));
        Assert.Equal(goes ? new RedactionCounts(1, 1, 1, 1, 0, 0, 0) : RedactionCounts.None, redactor.Found);
    }

    [Fact]
    public void Of_a_task_with_several_episodes_what_is_on_this_one_s_media_goes()
    {
        static string Region(string id, string tag) =>
            $$$"""{"id":"{{{id}}}","type":"keypointlabels","from_name":"kp","to_name":"{{{tag}}}","original_width":10,"original_height":10,"value":{"x":1,"y":1,"width":1,"keypointlabels":["a"]}}""";
        static string Task(string regions, string relation) =>
            """{"id":1,"data":{"front":"/r/pour/ep_1/f1.jpg","side":"/r/pour/ep_2/f1.jpg"},"annotations":[{"id":2,"result":["""
                + $"{regions}{relation}" + """]}],"predictions":[{"result":[""" + Region("p2", "side") + "]}]}";
        string relation = ",{\"type\":\"relation\",\"from_id\":\"r1\",\"to_id\":\"r2\"}";
        (string left, RedactionCounts found) = PersonRedactorTests.Redact(
            Task($"{Region("r1", "front")},{Region("r2", "side")}", relation), new EpisodeRedactor("ep_1", FieldMapping.Default, config: null));

        Assert.Equal(Task(Region("r2", "side"), ""), left);
        Assert.Equal((1, 0, 1, 1), (found.Tasks, found.WholeTasks, found.Annotations, found.SharedTasks));
    }
}
