"""Who waits, is received or has left, at the counter and on the telephone."""

from datetime import timedelta
from typing import Any

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory import kiosk
from contactcenter.directory.models import Line, Site
from contactcenter.intake.counter.kiosk import seal
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues import actions as queues
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.reports.models import CallBack
from contactcenter.tickets.models import Channel, Interaction
from tests.scenes.hand import Hand


class Visits(Hand):
    def counter(self) -> dict[str, Any]:
        """Three came: one is served, one waits, one left."""
        queue = self.queue(self.world.counter_queue_id)
        served, waiting, lost = (self._enter(queue, Channel.COUNTER) for _each in range(3))
        person = self.person(self.world.agent)
        called = queues.call_next(person, [queue.id], counter_id=self.world.counter_id)
        assert called is served
        queues.answer(served, by=person)
        queues.leave(lost, Outcome.ABANDONED)
        site = db.session.get_one(Site, (self.world.centre_id, self.world.site_id))
        kiosk.make(site)
        return {
            "kiosk_token": kiosk.token_of(site),
            "kiosk_number": seal(waiting),
            "serving_visit_id": served.id,
            "waiting_visit_id": waiting.id,
            "lost_visit_id": lost.id,
        }

    def phone(self) -> dict[str, Any]:
        """A call that waits, and one that was lost and is being called back."""
        queue = self.queue(self.world.phone_queue_id)
        lost = self._enter(queue, Channel.PHONE, caller_key="lost")
        lost.entered_at -= timedelta(minutes=9)
        queues.leave(lost, Outcome.ABANDONED)
        waiting = self._enter(queue, Channel.PHONE, caller_key="waiting")
        call = self.add(
            PhoneCall(
                call_sid="CA" + str(self.world.centre_id),
                line_id=self.only(Line).id,
                interaction_id=waiting.interaction_id,
                receipt_id=1,
                visit_id=waiting.id,
                caller="+33639980042",
                language="fr",
                queue_id=queue.id,
                rang_at=clock.now(),
                heard_at=clock.now(),
                waited_at=clock.now(),
            )
        )
        back = CallBack(
            visit_id=lost.id,
            caller="lost",
            taken_by=self.world.manager.id,
            taken_at=clock.now(),
        )
        return {
            "call_id": call.id,
            "call_visit_id": waiting.id,
            "call_back_id": self.add(back).id,
            **self.steering(queue.id),
        }

    def _enter(self, queue: Queue, channel: Channel, **more: Any) -> Visit:
        contact = self.add(
            Interaction(channel=channel, started_at=clock.now(), detail={"from": "+33639980042"})
        )
        return queues.enter(
            queue,
            channel=channel,
            interaction_id=contact.id,
            topic_id=self.world.topic_id,
            **more,
        )
