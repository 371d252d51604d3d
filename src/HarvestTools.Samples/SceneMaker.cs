namespace HarvestTools.Samples;

/// <summary>Makes what there is to label in a task: the regions that a careful labeler without a prediction would draw.</summary>
internal static class SceneMaker
{
    public static void Make(ExportPlan plan, SampleTask task, ref SampleRandom random)
    {
        task.Scene.Clear();
        switch (plan.Kind)
        {
            case SampleKind.Actions:
                MakeSegments(task, ref random);
                break;
            case SampleKind.Hands:
                MakeHands(plan, task, ref random);
                break;
            default:
                MakeBody(plan, task, ref random);
                break;
        }
    }

    private static void MakeSegments(SampleTask task, ref SampleRandom random)
    {
        int segments = 15 + random.Below(11);
        int cursor = 1 + random.Below(12);
        for (int i = 0; i < segments; i++)
        {
            int length = random.Chance(0.04) ? 1 : 6 + random.Below(70);
            task.Scene.Add(new SampleRegion
            {
                Kind = SampleRegionKind.Timeline,
                Id = random.RegionId(),
                Label = (short)random.Below(SampleVocabulary.Actions.Length),
                Choice = -1,
                Score = -1,
                Start = cursor,
                End = cursor + length - 1,
            });

            // One in ten starts before the last one ended: two things happen at once.
            int gap = random.Chance(0.1) ? -Math.Min(length, 1 + random.Below(8)) : random.Below(15);
            cursor = Math.Max(1, cursor + length + gap);
        }

    }

    private static void MakeHands(ExportPlan plan, SampleTask task, ref SampleRandom random)
    {
        int first = random.Below(2);
        bool both = random.Chance(plan.SecondHandShare);
        int objects = random.Chance(plan.ObjectShare) ? (random.Chance(plan.SecondObjectShare) ? 2 : 1) : 0;
        for (int hand = 0; hand < (both ? 2 : 1); hand++)
        {
            double size = task.Height * random.Between(0.18, 0.34);
            SampleRegion box = Box(plan, task, (short)((first + hand) & 1), size * random.Between(0.8, 1.2), size, ref random);
            AddWithPoints(plan, task, box, SampleVocabulary.HandPositions, ref random);
        }

        for (int i = 0; i < objects; i++)
        {
            int label = SampleVocabulary.FirstObjectBox + random.Below(SampleVocabulary.Boxes.Length - SampleVocabulary.FirstObjectBox);
            double width = task.Width * random.Between(0.06, 0.35);
            SampleRegion box = Box(plan, task, (short)label, width, task.Height * random.Between(0.08, 0.4), ref random);
            if (random.Chance(0.3))
            {
                double tilt = random.Between(0.5, 30.0);
                box.Rotation = random.Chance(0.5) ? tilt : 360.0 - tilt;
            }

            task.Scene.Add(box);
        }
    }

    private static void MakeBody(ExportPlan plan, SampleTask task, ref SampleRandom random)
    {
        double height = task.Height * random.Between(0.6, 0.92);
        SampleRegion box = Box(plan, task, SampleVocabulary.PersonBox, height * random.Between(0.35, 0.55), height, ref random);
        AddWithPoints(plan, task, box, SampleVocabulary.BodyPositions, ref random);
    }

    private static SampleRegion Box(ExportPlan plan, SampleTask task, short label, double width, double height, ref SampleRandom random) => new()
    {
        Kind = SampleRegionKind.Rectangle,
        Id = random.RegionId(),
        Label = label,
        Choice = (short)(random.Chance(plan.ChoiceShare) ? random.Below(SampleVocabulary.Occlusions.Length) : -1),
        Score = -1,
        Width = width,
        Height = height,
        X = (task.Width - width) * random.Unit(),
        Y = (task.Height - height) * random.Unit(),
    };

    private static void AddWithPoints(ExportPlan plan, SampleTask task, SampleRegion box, short[] positions, ref SampleRandom random)
    {
        box.HasPoints = true;
        task.Scene.Add(box);
        for (int i = 0; i < positions.Length / 2; i++)
        {
            double x = box.X + (box.Width * ((positions[2 * i] / 1000.0) + random.Bell(0.03)));
            double y = box.Y + (box.Height * ((positions[(2 * i) + 1] / 1000.0) + random.Bell(0.03)));
            if (random.Chance(plan.HiddenPointShare))
            {
                continue;
            }

            task.Scene.Add(new SampleRegion
            {
                Kind = SampleRegionKind.Keypoint,
                Id = random.RegionId(),
                Parent = box.Id,
                Label = (short)i,
                Choice = -1,
                Score = -1,
                X = Math.Clamp(x, 0, task.Width),
                Y = Math.Clamp(y, 0, task.Height),
            });
        }
    }
}
